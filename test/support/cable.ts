import { connect, createServer, type Socket } from 'node:net';

/** A network cable between one browser and the server, which a test can pull out and put back. */
export interface Cable {
  readonly url: string;
  /** Everything that is open breaks off, and nothing gets through until {@link Cable.mend}. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Browsers' own offline switches leave open WebSockets and workers alone; a cut connection does not. */
export async function layCable(serverUrl: string): Promise<Cable> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let whole = true;
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const relay = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) hold(socket);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    cut() {
      whole = false;
      breakAll();
    },
    mend() {
      whole = true;
    },
    close() {
      breakAll();
      return new Promise((resolve) => relay.close(() => resolve()));
    },
  };
}
