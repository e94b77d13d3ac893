import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSyncClient, type Line } from '../support/sync-client.ts';
import { createSyncBed, type RunningEngine, type SyncBed, tokenFor } from '../support/sync-engine.ts';
import {
  ticketId,
  W1,
  W2,
  WORKSPACES_CONFIG,
  WORKSPACES_ROWS,
  WORKSPACES_SCHEMA,
} from '../support/sync-workspaces.ts';

/** What the PowerSync Service said in a session. Read from beside the repository; see README of that folder. */
const CAPTURE = new URL('../../../shared/data/powersync/capture.ndjson', import.meta.url);
const missing = !existsSync(CAPTURE);

describe.skipIf(missing)(
  `the captured session of the PowerSync Service${missing ? ' (skipped: ../shared/data/powersync/capture.ndjson is missing)' : ''}`,
  () => {
    let bed: SyncBed;
    let engine: RunningEngine;
    beforeAll(async () => {
      bed = await createSyncBed(WORKSPACES_SCHEMA + WORKSPACES_ROWS, WORKSPACES_CONFIG);
      engine = await bed.start({ newPrefix: () => '1', writeCheckpointFloor: () => 1 });
    });
    afterAll(() => bed?.drop());

    it('is answered line for line alike, with the same data and checksums', async () => {
      const client = createSyncClient({ clientId: 'client-A' });
      const completes = () => client.lines.filter((line) => 'checkpoint_complete' in line).length;
      const step = async (action: () => Promise<unknown>) => {
        const before = completes();
        await action();
        await client.until(() => completes() > before, 'the next complete checkpoint');
      };
      await step(() => client.connect(engine.endpoint));
      await step(() =>
        bed.sql(
          `UPDATE tickets SET status = 'closed', updated_at = '2026-01-02 04:00:00Z' WHERE id = '${ticketId(1)}'`,
        ),
      );
      await step(() =>
        bed.sql(
          `INSERT INTO tickets VALUES ('${ticketId(4)}', '${W1}', 'Fourth', 'open', '2026-01-02 05:00:00Z', NULL)`,
        ),
      );
      await step(() => bed.sql(`DELETE FROM tickets WHERE id = '${ticketId(2)}'`));
      await step(() =>
        bed.sql(`BEGIN;
          UPDATE tickets SET title = 't-a' WHERE id = '${ticketId(1)}';
          UPDATE tickets SET title = 't-b' WHERE id = '${ticketId(1)}';
          UPDATE tickets SET workspace_id = '${W2}' WHERE id = '${ticketId(4)}';
          COMMIT`),
      );
      await step(() => bed.sql(`INSERT INTO memberships VALUES ('user', '${W2}')`));
      await step(() => bed.sql(`DELETE FROM memberships WHERE workspace_id = '${W1}'`));
      await step(() => client.requestWriteCheckpoint());
      await step(() => requestCheckpoint(engine.endpoint, 7));
      await step(async () => {
        await bed.sql(`UPDATE tickets SET status = 'done' WHERE id = '${ticketId(3)}'`);
        await client.requestWriteCheckpoint();
        await client.until(() => client.writeCheckpoint === 8n, 'write checkpoint 8');
      });
      await client.disconnect();

      const service = captured('streams', 'waiting for keepalive');
      expect(normalise(upToRequest(client.lines))).toEqual(normalise(upToRequest(service)));
      expect(normalise(client.lines.filter(isLastData))).toEqual(normalise(service.filter(isLastData)));
    });

    it('is resumed alike: only what the client lacks, without buckets it has lost', async () => {
      const client = createSyncClient({ clientId: 'client-A', rawData: false });
      await client.connect(engine.endpoint);
      await client.until(() => client.lastOpId === 16n, 'the first sync');
      expect(client.rows('tickets').get(ticketId(3))).toEqual({
        id: ticketId(3),
        workspace_id: W2,
        title: 'Other workspace',
        status: 'done',
        updated_at: '2026-01-02T03:04:05.000000Z',
        state: 'AA==',
      });
      await client.disconnect();
      const from = client.lines.length;
      await client.connect(engine.endpoint);
      await client.until(
        () => client.lines.slice(from).some((line) => 'checkpoint_complete' in line),
        'complete',
      );
      expect(normalise(client.lines.slice(from))).toEqual(
        normalise(captured('streams', 'raw_data omitted', 'reconnect with buckets')),
      );
      await client.disconnect();
    });

    it('answers an explicit subscription alike, with its priority and without the defaults', async () => {
      const client = createSyncClient({
        clientId: 'client-A',
        streams: {
          include_defaults: false,
          subscriptions: [
            { stream: 'one_workspace', parameters: { workspace_id: W2 }, override_priority: 1 },
            { stream: 'no_such_stream', parameters: {}, override_priority: null },
          ],
        },
      });
      await client.connect(engine.endpoint);
      await client.until(() => client.lastOpId === 16n, 'the subscription');
      expect(normalise(client.lines)).toEqual(
        normalise(captured('streams', 'request POST', 'explicit subscription')),
      );
      await client.disconnect();
    });
  },
);

async function requestCheckpoint(endpoint: string, id: number): Promise<void> {
  const response = await fetch(`${endpoint}/sync/checkpoint-request`, {
    method: 'POST',
    headers: { authorization: `Token ${tokenFor('user')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'client-A', checkpoint_request_id: id }),
  });
  expect(await response.json()).toEqual({ data: { checkpoint_request_id: String(id) } });
}

/** The Service's lines for one config, from the note that begins with `from` (or the start) up to the one that begins with `to`. */
function captured(config: string, to: string, from = 'request POST'): Line[] {
  const all = readFileSync(CAPTURE, 'utf8')
    .trim()
    .split('\n')
    .map((text): unknown => JSON.parse(text));
  const note = z.object({ '#': z.string(), config: z.string().optional() });
  const noteAt = (text: string, after: number) =>
    all.findIndex((line, i) => {
      const parsed = note.safeParse(line);
      const ofConfig = parsed.data?.config === undefined || parsed.data.config === config;
      return i > after && ofConfig && parsed.data?.['#'].startsWith(text);
    });
  const start = noteAt(from, -1);
  const end = all.findIndex(
    (line, i) => i > start && (note.safeParse(line).data?.['#'].startsWith(to) ?? false),
  );
  return all.slice(start, end).filter((line): line is Line => !note.safeParse(line).success);
}

/** Up to checkpoint request 7. What follows, a commit and the write checkpoint behind it, may arrive as one checkpoint or as two. */
function upToRequest(lines: Line[]): Line[] {
  const request = lines.findIndex(
    (line) => 'checkpoint_diff' in line && line.checkpoint_diff.write_checkpoint === '7',
  );
  return lines.slice(0, request + 2);
}

const isLastData = (line: Line): boolean => 'data' in line && line.data.next_after === '16';

/** Ids of the snapshot, subkeys and the order between buckets differ from server to server; a REMOVE's checksum comes from its subkey. */
function normalise(lines: Line[]): unknown[] {
  const removedAt = firstRemoves(lines);
  const id = (text: string) => (Number(text) <= 6 ? 'from the snapshot' : text);
  const states = (buckets: { bucket: string; count: number; checksum: number }[]) =>
    [...buckets]
      .sort((a, b) => a.bucket.localeCompare(b.bucket))
      .map((state) =>
        state.count > (removedAt.get(state.bucket) ?? Number.POSITIVE_INFINITY)
          ? { ...state, checksum: 'masked' }
          : state,
      );
  return lines
    .map((line) => {
      if ('checkpoint' in line)
        return { checkpoint: { ...line.checkpoint, buckets: states(line.checkpoint.buckets) } };
      if ('checkpoint_diff' in line) {
        const { removed_buckets, updated_buckets, ...head } = line.checkpoint_diff;
        return {
          checkpoint_diff: {
            ...head,
            removed: [...removed_buckets].sort(),
            updated: states(updated_buckets),
          },
        };
      }
      if (!('data' in line)) return line;
      const { after, next_after, data, ...rest } = line.data;
      return {
        data: {
          ...rest,
          after: after === '0' ? after : id(after),
          next_after: id(next_after),
          data: data.map(({ subkey: _, checksum, ...op }) => ({
            ...op,
            op_id: id(op.op_id),
            ...(op.op === 'REMOVE' ? {} : { checksum }),
          })),
        },
      };
    })
    .reduce<unknown[][]>((runs, line) => {
      // Data lines in a row are one set.
      const run = runs.at(-1);
      if ('data' in line && run) run.push(line);
      else runs.push([line], []);
      return runs;
    }, [])
    .map((run) => run.map((line) => JSON.stringify(line)).sort());
}

function firstRemoves(lines: Line[]): Map<string, number> {
  const first = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const line of lines) {
    if (!('data' in line)) continue;
    const { bucket, data } = line.data;
    const at = data.findIndex((op) => op.op === 'REMOVE');
    const before = seen.get(bucket) ?? 0;
    if (at >= 0 && !first.has(bucket)) first.set(bucket, before + at);
    seen.set(bucket, before + data.length);
  }
  return first;
}
