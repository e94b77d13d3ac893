-- Up Migration

-- The bytes of an image are apart from what is known about it: they are here or in a bucket, as `place` says.
-- Without a foreign key, as a bucket has none: what is deleted in `images` goes by way of image_leftovers.
CREATE TABLE image_bytes (
  id uuid PRIMARY KEY,
  bytes bytea NOT NULL
);
-- Image formats are compressed already.
ALTER TABLE image_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;
INSERT INTO image_bytes (id, bytes) SELECT id, bytes FROM images;

ALTER TABLE images
  DROP COLUMN bytes,
  ADD COLUMN place text NOT NULL DEFAULT 'postgres' CHECK (place IN ('postgres', 'bucket')),
  -- Null while its bytes are on their way: the row comes first, so that no bytes are ever anywhere without one.
  ADD COLUMN stored_at timestamptz;
UPDATE images SET stored_at = created_at;
ALTER TABLE images ALTER COLUMN place DROP DEFAULT;

-- Bytes that nobody can reach any more, until they are deleted where they are.
CREATE TABLE image_leftovers (
  id uuid PRIMARY KEY,
  place text NOT NULL
);
CREATE FUNCTION leave_image_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO image_leftovers (id, place) VALUES (OLD.id, OLD.place) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- Whoever deletes a ticket or a project for ever deletes its images with it, and need not know of stores.
CREATE TRIGGER images_left AFTER DELETE ON images FOR EACH ROW EXECUTE FUNCTION leave_image_bytes();
