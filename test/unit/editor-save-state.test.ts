import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  initialProgress,
  type SaveEvent,
  type SaveProgress,
  saveStateOf,
  saveStateWords,
} from '../../client/description/save-state.ts';

const after = (events: readonly SaveEvent[], from: SaveProgress = initialProgress) =>
  events.reduce(advance, from);
const wordsAfter = (...events: SaveEvent[]) => saveStateWords(saveStateOf(after(events)));

const loaded: SaveEvent = { kind: 'loaded', stored: true, unsaved: false };
const changed: SaveEvent = { kind: 'changed' };
const connected: SaveEvent = { kind: 'connected' };
const disconnected: SaveEvent = { kind: 'disconnected' };
const step2: SaveEvent = { kind: 'sent', complete: true };
const update: SaveEvent = { kind: 'sent', complete: false };
const acknowledged = (count: number): SaveEvent => ({ kind: 'acknowledged', count });

describe('what is said of a description', () => {
  it('is "Saved" for one that nobody has touched', () => {
    expect(wordsAfter(loaded)).toBe('Saved');
  });

  it('is "Saved on this device" for words written offline, and still after a reload', () => {
    expect(wordsAfter(loaded, changed)).toBe('Saved on this device');
    expect(wordsAfter({ kind: 'loaded', stored: true, unsaved: true })).toBe('Saved on this device');
  });

  it('D2: turns to "Saved" only with an acknowledgement that covers every frame of the connection', () => {
    const written = [loaded, connected, step2, changed, update, changed, update];
    expect(wordsAfter(...written)).toBe('Saving…');
    expect(wordsAfter(...written, acknowledged(2))).toBe('Saving…');
    expect(wordsAfter(...written, acknowledged(3))).toBe('Saved');
  });

  it('D2: does not take an acknowledgement of an earlier connection for one of this', () => {
    const back = [loaded, connected, step2, changed, update, disconnected, connected];
    expect(wordsAfter(...back, acknowledged(2))).toBe('Saving…');
    expect(wordsAfter(...back, step2, acknowledged(1))).toBe('Saved');
  });

  it('D2: does not call saved what was written between two sockets, before the step 2 that carries it', () => {
    const progress = [loaded, changed, connected, changed, update, acknowledged(1)];
    expect(wordsAfter(...progress)).toBe('Saving…');
    expect(wordsAfter(...progress, step2, acknowledged(2))).toBe('Saved');
  });

  it('does not go back to "Saved" when the connection breaks with a frame unanswered', () => {
    expect(wordsAfter(loaded, connected, step2, changed, update, disconnected)).toBe('Saved on this device');
  });

  it('D8: gives the reason when the server takes no text from here', () => {
    expect(wordsAfter(loaded, connected, { kind: 'denied', reason: 'You can only read this.' })).toBe(
      'You can only read this.',
    );
  });

  it('gives the reason of a refusal until another attempt connects', () => {
    const refused = [loaded, changed, connected, step2, disconnected];
    const event: SaveEvent = { kind: 'refused', reason: 'Too many changes.', canWrite: true };
    expect(wordsAfter(...refused, event)).toBe('Too many changes.');
    expect(wordsAfter(...refused, event, { kind: 'retried' })).toBe('Saved on this device');
    expect(wordsAfter(...refused, event, connected, step2, acknowledged(1))).toBe('Saved');
  });

  it('warns where the browser keeps nothing', () => {
    const words = wordsAfter({ kind: 'loaded', stored: false, unsaved: false }, changed);
    expect(words).toMatch(/keeps nothing/);
  });

  it('D9: is "Saving…" while what is over a frame goes in one piece, and not saved by that alone', () => {
    const tooLarge: SaveEvent[] = [
      loaded,
      changed,
      connected,
      step2,
      { kind: 'too-large', brought: null },
      disconnected,
    ];
    expect(wordsAfter(...tooLarge)).toBe('Saving…');
    expect(wordsAfter(...tooLarge, { kind: 'retried' })).toBe('Saved on this device');
    expect(wordsAfter(...tooLarge, { kind: 'retried' }, connected, step2, acknowledged(1))).toBe('Saved');
  });

  it('notices that the browser has run out of room while one writes, and that it has room again', () => {
    const full: SaveEvent[] = [loaded, changed, { kind: 'storage', stored: false }];
    expect(wordsAfter(...full)).toMatch(/full/);
    expect(wordsAfter(...full, { kind: 'storage', stored: true })).toBe('Saved on this device');
  });

  it('D2: says "Saved" in no history in which the server lacks something', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('type', 'connect', 'answer', 'acknowledge', 'cut'), { maxLength: 60 }),
        (steps) => {
          const world = { device: 0, server: 0, sent: [] as number[], connected: false, answered: false };
          let progress = after([loaded]);
          for (const step of steps) {
            for (const event of live(step, world)) progress = advance(progress, event);
            if (saveStateOf(progress).kind === 'saved') expect(world.server).toBe(world.device);
          }
        },
      ),
    );
  });
});

interface World {
  /** How many edits the device and the server have; an edit can only be stored on top of those before it. */
  device: number;
  server: number;
  sent: number[];
  connected: boolean;
  answered: boolean;
}

/** One honest step of a device, a socket and a server that stores what it acknowledges. */
function live(step: string, world: World): SaveEvent[] {
  if (step === 'type') {
    world.device += 1;
    if (!world.connected) return [changed];
    if (world.answered) world.sent.push(world.device);
    // Builds on edits that the server lacks before the step 2: it carries nothing that can be stored.
    else world.sent.push(world.server);
    return [changed, update];
  }
  if (step === 'connect' && !world.connected) {
    Object.assign(world, { connected: true, answered: false, sent: [] });
    return [connected];
  }
  if (step === 'answer' && world.connected && !world.answered) {
    world.answered = true;
    world.sent.push(world.device);
    return [step2];
  }
  if (step === 'acknowledge' && world.connected && world.sent.length > 0) {
    const count = Math.ceil(world.sent.length / 2);
    world.server = Math.max(world.server, ...world.sent.slice(0, count));
    return [acknowledged(count)];
  }
  if (step === 'cut' && world.connected) {
    world.connected = false;
    return [disconnected];
  }
  return [];
}
