-- The append locks the tickets of its batch and leaves out those that are gone (`appendUpdates`). A foreign key would
-- look each of them up and lock it once more for every row: a fifth of what a row costs Postgres.
ALTER TABLE description_updates DROP CONSTRAINT description_updates_ticket_id_fkey;

CREATE FUNCTION forget_description_updates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM description_updates USING gone WHERE ticket_id = gone.id;
  RETURN NULL;
END $$;
CREATE TRIGGER tickets_forget_description_updates AFTER DELETE ON tickets
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_description_updates();

-- Rows come in the order of their time: a summary of each range of pages finds old ones as well as a tree does.
DROP INDEX description_updates_age;
CREATE INDEX description_updates_age ON description_updates USING brin (created_at) WITH (autosummarize = on);
