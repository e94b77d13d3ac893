import { describe, test } from 'vitest';
import { clientQueueContract } from '../contract/client-queue.ts';
import { openSdkBed, whyNoSdk } from '../support/sdk-client.ts';

const reason = whyNoSdk();

if (reason === null) clientQueueContract('the real @powersync/node', openSdkBed);
else
  describe(`the client queue contract: ${reason}`, () =>
    test.skip('the real @powersync/node', () => undefined));
