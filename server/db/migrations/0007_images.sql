-- Up Migration

-- Images in descriptions. The id is made on the author's device, so that the address stands in the text before
-- the image has left. Not published: browsers fetch images one by one.
CREATE TABLE images (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  content_type text NOT NULL CHECK (content_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif')),
  bytes bytea NOT NULL,
  size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  sha256 bytea NOT NULL,
  created_by text NOT NULL REFERENCES profiles,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX images_ticket ON images (ticket_id);
-- Image formats are compressed already.
ALTER TABLE images ALTER COLUMN bytes SET STORAGE EXTERNAL;
