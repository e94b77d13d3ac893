import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { bodyOf } from './errors.ts';
import { Problem } from './problem.ts';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The one HTTP server: it takes its port at once, and says 503 until the app behind it is ready. */
export interface Gate {
  readonly server: Server;
  /** Resolves with the port; rejects with a sentence when it cannot be had. */
  listen(host: string, port: number): Promise<number>;
  /** What a person types to get here. */
  address(host: string, port: number): string;
  open(requests: RequestListener, upgrades: UpgradeListener): void;
  /** Back to 503, for the time of stopping. */
  shut(): void;
  isOpen(): boolean;
  /** Lets running requests end, and cuts off those that do not within the time. */
  close(graceMs: number): Promise<void>;
}

export function createGate(): Gate {
  let requests: RequestListener | null = null;
  let upgrades: UpgradeListener | null = null;
  const server = createServer((request, response) => (requests ?? answerNotReady)(request, response));
  server.on('upgrade', (request, socket, head) => {
    if (upgrades) upgrades(request, socket, head);
    else refuseUpgrade(socket, '503 Service Unavailable');
  });
  // Longer than a proxy in front keeps a connection, or it meets one that we are about to close.
  server.keepAliveTimeout = 72_000;

  return {
    server,
    isOpen: () => requests !== null,
    open(newRequests, newUpgrades) {
      requests = newRequests;
      upgrades = newUpgrades;
    },
    shut() {
      requests = null;
      upgrades = null;
    },
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        const refuse = (error: NodeJS.ErrnoException) => reject(new Error(listenProblem(host, port, error)));
        server.once('error', refuse);
        server.listen(port, host, () => {
          server.off('error', refuse);
          const address = server.address();
          resolve(address !== null && typeof address === 'object' ? address.port : port);
        });
      }),
    address: (host, port) => `http://${hostInUrl(host)}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function listenProblem(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  return code === 'EADDRINUSE'
    ? `port ${port} on ${host} is taken. Stop what uses it, or set PORT to another one.`
    : `it cannot listen on ${host}:${port} (${code ?? message}). Check HOST and PORT.`;
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Ends a connection that asked for a WebSocket it cannot have. `status`: code and phrase. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const answerNotReady: RequestListener = (_, response) => {
  const problem = new Problem(503, 'not_ready', 'The server is starting or stopping. Try again in a moment.');
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify(bodyOf(problem)));
};
