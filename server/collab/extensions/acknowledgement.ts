import { TELL_EVERY_MS } from '../acknowledgement.ts';
import type { Connection } from '../connection.ts';
import type { Extension, Write } from '../extension.ts';
import { durableFrame } from '../frames.ts';
import type { CollabMetrics } from '../metrics.ts';

export interface AcknowledgementDeps {
  readonly metrics: CollabMetrics;
  readonly now: () => number;
}

/** Says how far each client's writes are durable (D1, D2). */
export function createAcknowledgements({ metrics, now }: AcknowledgementDeps): Extension {
  /**
   * Those who were told a moment ago hear of it a little later, each batch at a moment of its own. Between two of
   * them what people have typed meanwhile goes first.
   */
  async function tell(connections: Iterable<Connection>): Promise<void> {
    const later: Connection[] = [];
    for (const connection of connections) {
      const { acknowledgement } = connection;
      const turn = acknowledgement.takeTurn(now());
      if (turn === 'later') later.push(connection);
      if (turn !== 'now') continue;
      connection.send(durableFrame(acknowledgement.acknowledged));
      await new Promise(setImmediate);
    }
    if (later.length > 0) setTimeout(tell, TELL_EVERY_MS, later);
  }

  return {
    committed(writes) {
      void tell(settle(writes));
      const [oldest] = writes;
      if (oldest) metrics.acknowledgeSeconds.observe((now() - oldest.receivedAt) / 1000);
    },
  };
}

function settle(writes: readonly Write[]): Set<Connection> {
  const connections = new Set<Connection>();
  for (const { connection, number, kind } of writes) {
    connection.acknowledgement.settle(number, kind === 'step2');
    connections.add(connection);
  }
  return connections;
}
