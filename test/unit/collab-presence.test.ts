import { describe, expect, it } from 'vitest';
import { readFrame } from '../../server/collab/frames.ts';
import { createPresence, type Participant, type Received, type Relay } from '../../server/collab/presence.ts';

const ann: Participant = { userId: 'ann', name: 'Ann' };
const annElsewhere: Participant = { userId: 'ann', name: 'Ann' };
const bob: Participant = { userId: 'bob', name: 'Bob' };

const show = (client: number, clock: number, at = 0) => [{ client, clock, state: { at } }];
const gone = (client: number, clock: number) => [{ client, clock, state: null }];
const said = (what: Received | Relay | Uint8Array | null | 'malformed') => {
  if (what === null || what === 'malformed') return what;
  const frame = what instanceof Uint8Array ? what : 'frame' in what ? what.frame : what.relay?.frame;
  if (!frame) return null;
  const read = readFrame(frame);
  if (read.kind !== 'awareness') throw new Error('That is no awareness frame.');
  return read.entries.map(({ client, clock, state }) => [client, clock, state?.user ?? null]);
};
const ANN = { id: 'ann', name: 'Ann', color: '#868e96' };
const BOB = { id: 'bob', name: 'Bob', color: '#868e96' };

describe('presence (D9: no forged awareness)', () => {
  it('stamps who it is, whatever the client says, and keeps a proper colour', () => {
    const presence = createPresence();
    const state = { user: { id: 'bob', name: 'Bob', color: '#A1b2C3' } };
    const frame = presence.receive(ann, [{ client: 1, clock: 1, state }]);
    expect(said(frame)).toEqual([[1, 1, { id: 'ann', name: 'Ann', color: '#A1b2C3' }]]);
    const odd = { user: { color: 'red; background: url(x)' } };
    expect(said(presence.receive(ann, [{ client: 1, clock: 2, state: odd }]))).toEqual([[1, 2, ANN]]);
  });

  it('lets nobody show or remove the id of another', () => {
    const presence = createPresence();
    presence.receive(ann, show(1, 1));
    expect(said(presence.receive(bob, show(1, 9)))).toBeNull();
    expect(said(presence.receive(bob, gone(1, 9)))).toBeNull();
    expect(said(presence.everybody())).toEqual([[1, 1, ANN]]);
  });

  it('tells whoever speaks for another how it is, and those who echo nothing', () => {
    const presence = createPresence();
    const correct = (entries: ReturnType<typeof show>) => {
      const received = presence.receive(bob, entries);
      return said(received === 'malformed' ? received : received.correction);
    };
    presence.receive(ann, show(1, 3));
    expect(correct(show(1, 4))).toEqual([[1, 3, ANN]]);
    expect(correct(show(1, 3))).toBeNull();
    expect(correct([...show(1, 4), ...show(1, 5), ...show(1, 6)])).toEqual([[1, 3, ANN]]);
    for (let client = 11; client <= 14; client += 1) expect(correct(show(client, 1))).toBeNull();
    expect(correct(show(15, 1))).toEqual([[15, 1, null]]);
  });

  it('drops echoes of the same person elsewhere, and still shows who echoed', () => {
    const presence = createPresence();
    presence.receive(ann, show(1, 5));
    expect(said(presence.receive(annElsewhere, show(1, 5)))).toBeNull();
    expect(said(presence.receive(annElsewhere, show(2, 1)))).toEqual([[2, 1, ANN]]);
    expect(said(presence.leave(annElsewhere))).toEqual([[2, 2, null]]);
    expect(said(presence.everybody())).toEqual([[1, 5, ANN]]);
  });

  it('shows a client again that comes back with an old clock, newer than what the others remember', () => {
    const presence = createPresence();
    presence.receive(ann, show(1, 5));
    expect(said(presence.leave(ann))).toEqual([[1, 6, null]]);
    expect(presence.everybody()).toBeNull();
    expect(said(presence.receive(annElsewhere, show(1, 5)))).toEqual([[1, 7, ANN]]);
    expect(said(presence.receive(annElsewhere, show(1, 6)))).toEqual([[1, 8, ANN]]);
  });

  it('does not bring back under another name who has left', () => {
    const presence = createPresence();
    presence.receive(ann, show(1, 5));
    presence.leave(ann);
    expect(said(presence.receive(bob, show(1, 5)))).toBeNull();
    expect(said(presence.receive(bob, show(3, 1)))).toEqual([[3, 1, BOB]]);
  });

  it('moves to a new connection while the old one is not yet known to be broken', () => {
    const presence = createPresence();
    presence.receive(ann, show(1, 5));
    expect(said(presence.receive(annElsewhere, show(1, 6)))).toEqual([[1, 6, ANN]]);
    expect(presence.leave(ann)).toBeNull();
    expect(said(presence.everybody())).toEqual([[1, 6, ANN]]);
  });

  it('refuses a state that is too large, and more ids than a client can have', () => {
    const presence = createPresence();
    expect(presence.receive(ann, [{ client: 1, clock: 1, state: { fat: 'x'.repeat(20_000) } }])).toBe(
      'malformed',
    );
    for (let client = 1; client <= 10; client += 1) presence.receive(bob, show(client, 1));
    expect(said(presence.everybody())).toHaveLength(4);
  });
});

describe('presence across nodes (D10)', () => {
  const shownOn = (node: string, clock: number, json = '{"user":{"id":"ann","name":"Ann"}}') =>
    [node, { client: 1, userId: 'ann', clock, json }] as const;
  const ANN_REMOTE = { id: 'ann', name: 'Ann' };

  it('shows who is on another node, to those here and those who come', () => {
    const presence = createPresence();
    expect(said(presence.takeRemote(...shownOn('a', 3), 0))).toEqual([[1, 3, ANN_REMOTE]]);
    expect(presence.takeRemote(...shownOn('a', 3), 0)).toBeNull();
    expect(presence.takeRemote(...shownOn('a', 2), 0)).toBeNull();
    expect(said(presence.everybody())).toEqual([[1, 3, ANN_REMOTE]]);
    expect(presence.ownEntries()).toEqual([]);
    expect(said(presence.takeRemote(...shownOn('a', 4, 'null'), 0))).toEqual([[1, 4, null]]);
    expect(presence.everybody()).toBeNull();
  });

  it('lets nobody here appear as one who is elsewhere', () => {
    const presence = createPresence();
    presence.takeRemote(...shownOn('a', 3), 0);
    expect(said(presence.receive(bob, show(1, 9)))).toBeNull();
    expect(said(presence.receive(bob, gone(1, 9)))).toBeNull();
  });

  it('forgets those whose node has fallen silent, and only those', () => {
    const presence = createPresence();
    presence.receive(bob, show(2, 1));
    presence.takeRemote(...shownOn('a', 3), 100);
    expect(presence.expireRemote(50)).toBeNull();
    presence.takeRemote(...shownOn('a', 3), 200);
    expect(presence.expireRemote(150)).toBeNull();
    expect(said(presence.expireRemote(250))).toEqual([[1, 4, null]]);
    expect(said(presence.everybody())).toEqual([[2, 1, BOB]]);
  });

  it('follows a client from node to node, and keeps it when the old one says farewell late', () => {
    const presence = createPresence();
    presence.takeRemote(...shownOn('a', 3), 0);
    expect(said(presence.receive(ann, show(1, 4)))).toEqual([[1, 4, ANN]]);
    const again = presence.takeRemote(...shownOn('a', 4, 'null'), 0);
    expect(said(again)).toEqual([[1, 5, ANN]]);
    expect(again?.entries).toMatchObject([{ client: 1, clock: 5, userId: 'ann' }]);
    expect(said(presence.receive(ann, show(1, 5)))).toEqual([[1, 6, ANN]]);
    expect(said(presence.takeRemote(...shownOn('b', 9), 0))).toEqual([[1, 9, ANN_REMOTE]]);
    expect(presence.takeRemote(...shownOn('a', 10, 'null'), 0)).toBeNull();
    expect(presence.leave(ann)).toBeNull();
  });
});

describe('reading frames', () => {
  it('takes what cannot be read as malformed', () => {
    for (const bytes of [[], [9], [0], [0, 7, 0], [1, 1], [1, 3, 1, 1, 200]]) {
      expect(readFrame(new Uint8Array(bytes)).kind).toBe('malformed');
    }
    expect(readFrame(new Uint8Array([3])).kind).toBe('queryAwareness');
  });
});
