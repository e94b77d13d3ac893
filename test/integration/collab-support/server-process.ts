import { createPool } from '../../../server/db/pool.ts';
import { startCollabServer } from './collab-server.ts';

/** A node of its own, to be killed: `server-process.ts <database url> <node name>`; prints its socket address. */
const [url, node] = process.argv.slice(2);
if (!url || !node) throw new Error('Usage: server-process.ts <database url> <node name>');
const server = await startCollabServer(createPool(url), { node });
process.stdout.write(`${server.socketUrl}\n`);
