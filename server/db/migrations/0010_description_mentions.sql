-- Up Migration

-- How often a description has mentioned somebody at once, at most: what goes beyond it is new to them. A mention that
-- is moved, taken out and restored, or folded by two nodes is not.
CREATE TABLE description_mentions (
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  person_id text NOT NULL REFERENCES profiles ON DELETE CASCADE,
  times integer NOT NULL,
  PRIMARY KEY (ticket_id, person_id)
);
