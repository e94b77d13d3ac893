import type pino from 'pino';
import type { AccessGuard } from './access-guard.ts';
import { durableFrame } from './frames.ts';
import type { PresenceExchange } from './presence-exchange.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';

export interface HeartbeatDeps {
  readonly rooms: Rooms;
  readonly guard: AccessGuard;
  readonly exchange: PresenceExchange;
  readonly log: pino.Logger;
  readonly now: () => number;
  compact(room: Room): void;
}

/** What happens by the clock. */
export interface Heartbeat {
  start(): void;
  stop(): void;
}

const IDLE_CHECK_MS = 500;
const IDLE_MS = 1_500;
/** Stock clients give a connection up after 30 s without a message. */
const BEAT_MS = 15_000;
/** One takes about a tenth of a millisecond. */
const BEATS_AT_ONCE = 10;
const SESSIONS_MS = 30_000;

export function createHeartbeat({ rooms, guard, exchange, log, now, compact }: HeartbeatDeps): Heartbeat {
  const timers: NodeJS.Timeout[] = [];
  let isChecking = false;

  function tidy(): void {
    for (const room of rooms.all()) {
      // Whoever opened the room has mostly asked by now, and later is answered from Postgres: a state must not stay.
      room.fresh = null;
      const { rows, lastAt } = room.uncompacted;
      if (rows > 0 && now() - lastAt >= IDLE_MS) compact(room);
    }
  }

  /** A few connections at a time: in between, what people type goes first. */
  async function beat(): Promise<void> {
    exchange.announce();
    exchange.expire();
    const connections = [...rooms.all()].flatMap((room) => [...room.connections]);
    for (const [at, connection] of connections.entries()) {
      if (at % BEATS_AT_ONCE === BEATS_AT_ONCE - 1) await new Promise(setImmediate);
      if (!connection.isAlive) connection.terminate();
      connection.isAlive = false;
      connection.ping();
      connection.send(durableFrame(connection.acknowledgement.acknowledged));
    }
  }

  function recheckSessions(): void {
    if (isChecking) return;
    isChecking = true;
    guard
      .recheckSessions()
      .catch((error) => {
        log.error({ err: error }, 'Sessions of open descriptions could not be checked.');
      })
      .finally(() => {
        isChecking = false;
      });
  }

  return {
    start() {
      timers.push(setInterval(tidy, IDLE_CHECK_MS), setInterval(beat, BEAT_MS));
      timers.push(setInterval(recheckSessions, SESSIONS_MS));
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
