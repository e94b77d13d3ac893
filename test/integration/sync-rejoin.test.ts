import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSyncClient } from '../support/sync-client.ts';
import { createRejoinBed, type RunningEngine, type SyncBed } from '../support/sync-engine.ts';

const CONFIG = readFileSync(new URL('../../shared/protocol/sync-config.yaml', import.meta.url), 'utf8');
const PROJECT = 'aaaaaaaa-0000-4000-8000-000000000001';
const TICKET = 'aaaaaaaa-0000-4000-8000-000000000002';
const LABEL = 'aaaaaaaa-0000-4000-8000-000000000003';
const OTHER = 'aaaaaaaa-0000-4000-8000-000000000004';

const ROWS = `
INSERT INTO projects (id, key, name) VALUES ('${PROJECT}', 'DEMO', 'Demo'), ('${OTHER}', 'SECRET', 'Secret');
INSERT INTO profiles (id, name, project_ids) VALUES ('ann', 'Ann', '["${PROJECT}"]'), ('bob', 'Bob', '["${PROJECT}"]'),
  ('eve', 'Eve', '["${OTHER}"]');
INSERT INTO members (project_id, user_id, role) VALUES ('${PROJECT}', 'ann', 'admin'), ('${OTHER}', 'eve', 'admin');
INSERT INTO tickets (id, project_id, number, title, status, priority, due_on, estimate, created_by)
  VALUES ('${TICKET}', '${PROJECT}', 1, 'Sync it', 'todo', 'high', '2026-02-03', 2.5, 'ann');
INSERT INTO labels (id, project_id, name, color) VALUES ('${LABEL}', '${PROJECT}', 'bug', 'red');
INSERT INTO ticket_labels (id, project_id, ticket_id, label_id) VALUES ('${TICKET}/${LABEL}', '${PROJECT}', '${TICKET}', '${LABEL}');
INSERT INTO comments (id, project_id, ticket_id, author_id, body) VALUES (gen_random_uuid(), '${PROJECT}', '${TICKET}', 'bob', 'Hello');
INSERT INTO activity (project_id, ticket_id, subject, action, after, actor_id, outcome)
  VALUES ('${PROJECT}', '${TICKET}', 'title', 'changed', '"Sync it"', 'ann', 'applied');
INSERT INTO conflicts (id, project_id, ticket_id, kind, field, base, current, proposed, author_id, device_id)
  VALUES (gen_random_uuid(), '${PROJECT}', '${TICKET}', 'field', 'title', '"a"', '"b"', '"c"', 'bob', 'd');
INSERT INTO notices (user_id, project_id, ticket_id, kind) VALUES ('ann', '${PROJECT}', '${TICKET}', 'assigned'),
  ('bob', '${PROJECT}', '${TICKET}', 'assigned');
INSERT INTO field_policies (id, project_id, field, policy) VALUES ('${PROJECT}/title', '${PROJECT}', 'title', 'review');
INSERT INTO descriptions (id, project_id, snapshot, state_vector) VALUES ('${TICKET}', '${PROJECT}', '\\x0102', '\\x00');
INSERT INTO description_reviews (id, project_id, ticket_id) VALUES (gen_random_uuid(), '${PROJECT}', '${TICKET}');`;

let bed: SyncBed;
let engine: RunningEngine;
beforeAll(async () => {
  bed = await createRejoinBed(CONFIG);
  await bed.sql(ROWS);
  engine = await bed.start();
});
afterAll(() => bed.drop());

describe("Rejoin's own sync config on its own schema", () => {
  it('brings a member every synced table, urgent ones first', async () => {
    const client = createSyncClient({ userId: 'ann' });
    await client.connect(engine.endpoint);
    await client.until(() => client.lastOpId > 0n, 'the first sync');
    const tables =
      'projects members profiles tickets labels ticket_labels comments activity conflicts notices field_policies descriptions description_reviews';
    const counts = tables.split(' ').map((table) => [table, client.rows(table).size]);
    expect(counts.filter(([table, count]) => count !== (table === 'profiles' ? 2 : 1))).toEqual([]);
    expect(client.rows('tickets').get(TICKET)).toMatchObject({
      number: 1,
      due_on: '2026-02-03',
      estimate: 2.5,
      deleted_at: null,
    });
    expect(client.rows('descriptions').get(TICKET)).toMatchObject({ snapshot: 'AQI=' });
    expect([...client.rows('notices').values()].map(({ user_id }) => user_id)).toEqual(['ann']);
    const partial = client.lines.flatMap((line) =>
      'partial_checkpoint_complete' in line ? [line.partial_checkpoint_complete.priority] : [],
    );
    expect(partial).toEqual([1, 2]);
    await client.disconnect();
  });

  it('C18: gives and takes a whole project with the membership, live', async () => {
    const bob = createSyncClient({ userId: 'bob' });
    await bob.connect(engine.endpoint);
    await bob.until(() => bob.rows('notices').size === 1, 'his own notice');
    expect(bob.rows('tickets').size + bob.rows('projects').size + bob.rows('profiles').size).toBe(0);
    await bed.sql(`INSERT INTO members (project_id, user_id, role) VALUES ('${PROJECT}', 'bob', 'viewer')`);
    await bob.until(
      () => bob.rows('tickets').size === 1 && bob.rows('descriptions').size === 1,
      'the project',
    );
    await bed.sql(`DELETE FROM members WHERE user_id = 'bob'`);
    await bob.until(
      () => bob.rows('tickets').size === 0 && bob.rows('profiles').size === 0,
      'the loss of the project',
    );
    expect(bob.rows('notices').size).toBe(1);
    await bob.disconnect();
  });
});
