import { createServerPool } from '../../../../server/db/pool.ts';
import { keepGarbageYoung } from '../../../../server/garbage.ts';
import { startCollabServer } from '../../../integration/collab-support/collab-server.ts';
import { databaseUrl, report } from './report.ts';

// As the product itself begins (server/main.ts).
keepGarbageYoung();
const server = await startCollabServer(await createServerPool(databaseUrl()), { node: 'bench' });
report(Number(new URL(server.httpUrl).port));
