-- Up Migration

-- A device came back after both sides had changed a description (D11). Stored together with the update that it
-- brought, so that no crash can lose the question; looked at soon after, away from the hot path.
CREATE TABLE description_meetings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  -- Who came back.
  author_id text NOT NULL,
  -- Yjs snapshots (state vector and deletions) of the server's copy and of the device's, just before they merged.
  theirs bytea NOT NULL,
  yours bytea NOT NULL,
  -- The last log row when the merge was stored: what the device brought is in it.
  seq bigint NOT NULL,
  met_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When looking at it failed last: it must not hold up the others.
  failed_at timestamptz,
  settled_at timestamptz
);
-- A commit whose answer was lost is sent again: the same meeting is one row.
CREATE UNIQUE INDEX description_meetings_once ON description_meetings (ticket_id, md5(theirs), md5(yours));
CREATE INDEX description_meetings_waiting ON description_meetings (met_at) WHERE settled_at IS NULL;

-- Versions kept as documents, for ever: what was there around an offline merge, what stood before a restore, and the
-- ends of editing sessions whose log rows are past their time.
CREATE TABLE description_versions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('session', 'before-merge', 'base', 'yours', 'merged', 'before-restore')),
  -- The last log row that is in it, or was there when it was kept.
  seq bigint NOT NULL,
  -- [{id, started_at, ended_at, edits}]
  authors jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  document jsonb NOT NULL,
  review_id uuid
);
CREATE INDEX description_versions_ticket ON description_versions (ticket_id, seq);

-- Stands for the log rows that were past their time: history goes on from here.
CREATE TABLE description_foundations (
  ticket_id uuid PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
  upto bigint NOT NULL,
  state bytea NOT NULL
);
CREATE INDEX description_updates_age ON description_updates (created_at);

ALTER TABLE description_reviews
  ADD COLUMN meeting_id uuid REFERENCES description_meetings ON DELETE CASCADE,
  -- Whose offline edits opened it, and who had changed the same blocks meanwhile.
  ADD COLUMN author_id text REFERENCES profiles,
  ADD COLUMN their_author_ids jsonb NOT NULL DEFAULT '[]',
  -- The blocks that both sides changed, each as it stands in base, theirs, yours and merged.
  ADD COLUMN blocks jsonb NOT NULL DEFAULT '[]',
  -- What was chosen: the new content of each block.
  ADD COLUMN resolution jsonb,
  ADD COLUMN resolved_by text REFERENCES profiles,
  ADD COLUMN resolved_at timestamptz;
CREATE UNIQUE INDEX description_reviews_meeting ON description_reviews (meeting_id);
CREATE INDEX description_reviews_ticket ON description_reviews (ticket_id);
