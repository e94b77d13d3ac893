import { createPostgresUploadStore } from '../../server/upload/postgres-store.ts';
import { uploadStoreContract } from '../contract/upload-store.ts';
import { givenPerson, givenProject } from '../support/builders.ts';
import { createTestDatabase } from '../support/postgres.ts';

uploadStoreContract('Postgres', async () => {
  const { pool, drop } = await createTestDatabase();
  return {
    store: createPostgresUploadStore(pool),
    givenProject: async () => (await givenProject(pool)).id,
    givenMember: async (projectId, role) => (await givenPerson(pool, { projectId, role })).id,
    async givenPolicy(projectId, field, policy) {
      const values = [`${projectId}/${field}`, projectId, field, policy];
      await pool.query(
        'INSERT INTO field_policies (id, project_id, field, policy) VALUES ($1, $2, $3, $4)',
        values,
      );
    },
    close: drop,
  };
});
