import { createServer } from 'node:http';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';
import { report } from './report.ts';

/** `@y/websocket-server` as its own `server.js` runs it, without persistence: all is kept in memory. */
const sockets = new WebSocketServer({ noServer: true });
sockets.on('connection', (socket, request) => {
  // Its own listener is missing, and a socket that fails would end the process at once.
  socket.on('error', () => undefined);
  setupWSConnection(socket, request);
});
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  report(address.port);
});
