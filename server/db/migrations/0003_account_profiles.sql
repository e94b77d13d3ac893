-- Up Migration

-- An account and the profile that others see of it are one: made together, renamed together, whoever writes.
CREATE FUNCTION account_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO profiles (id, name) VALUES (NEW."id", NEW."name")
  ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
  RETURN NULL;
END $$;
CREATE TRIGGER account_profile AFTER INSERT OR UPDATE OF "name" ON "user"
  FOR EACH ROW EXECUTE FUNCTION account_profile();
