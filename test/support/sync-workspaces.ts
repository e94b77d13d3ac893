/** A small schema for tests of the engine: the one that the capture of the PowerSync Service was made with. */
export const WORKSPACES_SCHEMA = `
CREATE TABLE workspaces (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE memberships (user_id text, workspace_id uuid, PRIMARY KEY (user_id, workspace_id));
CREATE TABLE tickets (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  title text NOT NULL,
  status text NOT NULL DEFAULT 'open',
  updated_at timestamptz NOT NULL DEFAULT '2026-01-02 03:04:05Z',
  state bytea
);
ALTER TABLE workspaces REPLICA IDENTITY FULL;
ALTER TABLE memberships REPLICA IDENTITY FULL;
ALTER TABLE tickets REPLICA IDENTITY FULL;
CREATE PUBLICATION powersync FOR TABLE workspaces, memberships, tickets;`;

export const WORKSPACES_CONFIG = `
config:
  edition: 3
streams:
  workspaces:
    auto_subscribe: true
    query: SELECT * FROM workspaces WHERE id IN (SELECT workspace_id FROM memberships WHERE user_id = auth.user_id())
  tickets:
    auto_subscribe: true
    query: >-
      SELECT id, workspace_id, title, status, updated_at, base64(state) AS state FROM tickets
      WHERE workspace_id IN (SELECT workspace_id FROM memberships WHERE user_id = auth.user_id())
  one_workspace:
    query: >-
      SELECT id, workspace_id, title, status, updated_at, base64(state) AS state FROM tickets
      WHERE workspace_id = subscription.parameter('workspace_id')
      AND workspace_id IN (SELECT workspace_id FROM memberships WHERE user_id = auth.user_id())
`;

export const W1 = '11111111-1111-4111-8111-111111111111';
export const W2 = '22222222-2222-4222-8222-222222222222';
export const ticketId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Two workspaces with three tickets; `user` is in the first. */
export const WORKSPACES_ROWS = `
INSERT INTO workspaces VALUES ('${W1}', 'Alpha'), ('${W2}', 'Beta');
INSERT INTO memberships VALUES ('user', '${W1}');
INSERT INTO tickets VALUES
  ('${ticketId(1)}', '${W1}', 'First ticket', 'open', '2026-01-02 03:04:05.123456Z', '\\x0102ff'),
  ('${ticketId(2)}', '${W1}', 'Second "quoted" é', 'open', '2026-01-02 03:04:05Z', NULL),
  ('${ticketId(3)}', '${W2}', 'Other workspace', 'open', '2026-01-02 03:04:05Z', '\\x00');`;
