import { randomUUID } from 'node:crypto';
import { fieldKey } from '../../server/upload/store.ts';
import { uploadStoreContract } from '../contract/upload-store.ts';
import { emptyTables } from '../fakes/memory-tables.ts';
import { createMemoryUploadStore } from '../fakes/memory-upload-store.ts';

uploadStoreContract('in memory', async () => {
  const tables = emptyTables();
  return {
    store: createMemoryUploadStore(tables, randomUUID),
    async givenProject() {
      const id = randomUUID();
      tables.members.set(id, new Map());
      return id;
    },
    async givenMember(projectId, role) {
      const id = randomUUID();
      tables.profiles.set(id, 'Somebody');
      tables.members.get(projectId)?.set(id, role);
      return id;
    },
    async givenPolicy(projectId, field, policy) {
      tables.policies.set(fieldKey(projectId, field), policy);
    },
    close: async () => undefined,
  };
});
