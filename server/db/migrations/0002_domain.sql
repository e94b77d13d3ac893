-- Up Migration

CREATE TABLE projects (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key ~ '^[A-Z][A-Z0-9]{1,9}$'),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Apart from projects, so that numbering a ticket does not send the project to every client again.
CREATE TABLE ticket_numbers (
  project_id uuid PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  last integer NOT NULL DEFAULT 0
);

-- People as others see them: account holders, and people named in imported tickets, who have no account.
-- project_ids only grows: a name beside an old comment stays readable after its author has left.
CREATE TABLE profiles (
  id text PRIMARY KEY,
  name text NOT NULL,
  project_ids jsonb NOT NULL DEFAULT '[]'
);

CREATE TABLE members (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES profiles,
  role text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE tickets (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  number integer NOT NULL,
  title text NOT NULL,
  status text NOT NULL,
  priority text NOT NULL,
  assignee_id text REFERENCES profiles,
  due_on date,
  estimate double precision,
  rank text NOT NULL DEFAULT '',
  revision integer NOT NULL DEFAULT 1,
  description_text text NOT NULL DEFAULT '',
  created_by text NOT NULL REFERENCES profiles,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (project_id, number)
);

CREATE TABLE labels (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  color text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX labels_name ON labels (project_id, lower(name));

-- The id is always '<ticket id>/<label id>': two devices that add one label make one row.
CREATE TABLE ticket_labels (
  id text PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  label_id uuid NOT NULL REFERENCES labels ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (ticket_id, label_id)
);

CREATE TABLE comments (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  author_id text NOT NULL REFERENCES profiles,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX comments_ticket ON comments (ticket_id);

-- The audit log: every change with before, after, actor, device, outcome and rule. Rows are only added.
CREATE TABLE activity (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid REFERENCES tickets ON DELETE CASCADE,
  -- What was changed: a field's name, or comment, label, ticket, description, policy, member, conflict.
  subject text NOT NULL,
  subject_id text,
  -- created, changed, deleted, restored, added, removed, proposed, resolved
  action text NOT NULL,
  before jsonb,
  after jsonb,
  actor_id text NOT NULL,
  device_id text,
  op_id bigint,
  outcome text NOT NULL,
  rule text,
  -- Whose value a concurrent edit replaced.
  overwrote_id text,
  made_at timestamptz,
  offline_since timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX activity_ticket ON activity (ticket_id, created_at);
CREATE INDEX activity_field ON activity (ticket_id, subject, created_at DESC);

-- An open question about one field (kind 'field'), or an edit of a ticket in the trash (kind 'deleted').
CREATE TABLE conflicts (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('field', 'deleted')),
  field text NOT NULL,
  base jsonb NOT NULL,
  current jsonb NOT NULL,
  proposed jsonb NOT NULL,
  author_id text NOT NULL REFERENCES profiles,
  device_id text NOT NULL,
  current_author_id text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'superseded')),
  resolution jsonb,
  -- The current value that the person resolving it saw (C12).
  resolved_seeing jsonb,
  resolved_by text REFERENCES profiles,
  resolved_at timestamptz,
  made_at timestamptz,
  offline_since timestamptz,
  opened_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conflicts_ticket ON conflicts (ticket_id) WHERE state = 'open';

CREATE TABLE notices (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL REFERENCES profiles,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid REFERENCES tickets ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('merged', 'overridden', 'review', 'rejected', 'mentioned', 'assigned')),
  -- What the sentence needs: field, values, rule, conflict_id, actor_id.
  detail jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz
);
CREATE INDEX notices_user ON notices (user_id, created_at);

-- Only what a project has changed from the defaults in shared/tickets/fields.ts. Id: '<project id>/<field>'.
CREATE TABLE field_policies (
  id text PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  field text NOT NULL,
  policy text NOT NULL CHECK (policy IN ('last-write-wins', 'rule', 'review')),
  UNIQUE (project_id, field)
);

-- Every op ever answered (C14). By person too: nobody can answer for another's device.
CREATE TABLE ledger (
  user_id text NOT NULL,
  device_id text NOT NULL,
  op_id bigint NOT NULL,
  outcome text NOT NULL,
  reason text,
  conflict_id uuid,
  answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, device_id, op_id)
);

-- A description's merged state. The id is the ticket's. upto: the last log row that is in it.
CREATE TABLE descriptions (
  id uuid PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  schema_version integer NOT NULL DEFAULT 1,
  snapshot bytea NOT NULL,
  state_vector bytea NOT NULL,
  upto bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- The update log: binary Yjs updates as they came, only added, kept for history.
CREATE TABLE description_updates (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  update bytea NOT NULL,
  author_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX description_updates_ticket ON description_updates (ticket_id, seq);

CREATE TABLE description_reviews (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
  opened_at timestamptz NOT NULL DEFAULT now()
);

-- Which line of which import made which ticket, so that a second run imports nothing twice.
CREATE TABLE imported_tickets (
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  source_id text NOT NULL,
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  PRIMARY KEY (project_id, source_id)
);

-- Open sockets must close within a second of a lost membership or a deleted ticket, on every node.
CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'members' THEN
    PERFORM pg_notify('rejoin_access', json_build_object(
      'user_id', coalesce(NEW.user_id, OLD.user_id), 'project_id', coalesce(NEW.project_id, OLD.project_id))::text);
  ELSE
    PERFORM pg_notify('rejoin_access', json_build_object('ticket_id', coalesce(NEW.id, OLD.id))::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER members_access AFTER UPDATE OR DELETE ON members FOR EACH ROW EXECUTE FUNCTION notify_access();
CREATE TRIGGER tickets_access_delete AFTER DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION notify_access();
CREATE TRIGGER tickets_access AFTER UPDATE OF deleted_at ON tickets FOR EACH ROW
  WHEN (NEW.deleted_at IS DISTINCT FROM OLD.deleted_at) EXECUTE FUNCTION notify_access();

-- The sync service reads these; a full identity carries the old row, so that a moved row leaves its old buckets.
CREATE PUBLICATION powersync FOR TABLE projects, members, profiles, tickets, labels, ticket_labels, comments,
  activity, conflicts, notices, field_policies, descriptions, description_reviews;
ALTER TABLE projects REPLICA IDENTITY FULL;
ALTER TABLE members REPLICA IDENTITY FULL;
ALTER TABLE profiles REPLICA IDENTITY FULL;
ALTER TABLE tickets REPLICA IDENTITY FULL;
ALTER TABLE labels REPLICA IDENTITY FULL;
ALTER TABLE ticket_labels REPLICA IDENTITY FULL;
ALTER TABLE comments REPLICA IDENTITY FULL;
ALTER TABLE activity REPLICA IDENTITY FULL;
ALTER TABLE conflicts REPLICA IDENTITY FULL;
ALTER TABLE notices REPLICA IDENTITY FULL;
ALTER TABLE field_policies REPLICA IDENTITY FULL;
ALTER TABLE descriptions REPLICA IDENTITY FULL;
ALTER TABLE description_reviews REPLICA IDENTITY FULL;
