import { randomUUID } from 'node:crypto';
import { type ParsedUpload, parseUpload } from '../../server/upload/parse.ts';
import { PassingFault, type UploadStore } from '../../server/upload/store.ts';
import { upload } from '../../server/upload/upload.ts';
import type { Role } from '../../shared/permissions/can.ts';
import type { UploadResponse } from '../../shared/protocol/upload.ts';
import type { FieldName, Policy } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from '../fakes/memory-tables.ts';

/** The server as a simulation meets it: the real upload over some store, and the actions that work online only. */
export interface SimulatedServer extends Backend {
  /** Answers one request as the route does, or throws {@link ServerDied}: nothing was applied. */
  upload(userId: string, body: string, fault: Fault): Promise<string>;
  /** How much has happened; a device is up to date when it has seen all of it. */
  version(): number;
}

/** Where the simulated server keeps things, and how it does what only works online. */
export interface Backend {
  readonly store: UploadStore;
  /** False when the server refuses: another revision, in the trash already, no right. */
  trash(userId: string, ticketId: string, revision: number): Promise<boolean>;
  restore(userId: string, ticketId: string): Promise<boolean>;
  choosePolicy(userId: string, field: FieldName, policy: Policy): Promise<void>;
  /** By the system, not by a person of the simulation. Null ends the membership. */
  setRole(userId: string, role: Role | null): Promise<void>;
  addPerson(userId: string, role: Role): Promise<void>;
  /** Everything that is stored, for devices and for the checks. */
  tables(): Promise<MemoryTables>;
}

/** What befalls the server while it stores an upload. */
export type Fault = 'none' | 'deadlock' | 'death';

export class ServerDied extends Error {
  override readonly name = 'ServerDied';
}

interface SimulatedServerDeps {
  readonly backend: Backend;
  readonly now: () => Date;
  readonly newId?: () => string;
}

export function createSimulatedServer({
  backend,
  now,
  newId = randomUUID,
}: SimulatedServerDeps): SimulatedServer {
  let version = 0;
  const counted =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const result = await act(...args);
      version += 1;
      return result;
    };
  const deps = { clock: now, newId, wait: async () => undefined, log: { warn: () => undefined } };

  async function answer(userId: string, body: string, fault: Fault): Promise<string> {
    const reading = parseUpload(JSON.parse(body));
    if (!reading.ok) throw new Error(`The server cannot read an upload: ${reading.reason}`);
    const store = faulty(backend.store, fault);
    const answered: UploadResponse = { outcomes: await uploadTo(store, userId, reading.upload) };
    return JSON.stringify(answered);
  }

  const uploadTo = (store: UploadStore, userId: string, request: ParsedUpload) =>
    upload({ ...deps, store }, { userId, name: userId, roles: new Map() }, request);

  return {
    ...backend,
    upload: counted(answer),
    trash: counted(backend.trash),
    restore: counted(backend.restore),
    choosePolicy: counted(backend.choosePolicy),
    setRole: counted(backend.setRole),
    version: () => version,
  };
}

/** A store whose first transaction does all its work and then fails, before it is stored. */
function faulty(store: UploadStore, fault: Fault): UploadStore {
  let faults = fault === 'none' ? 0 : 1;
  return {
    transaction: (work) =>
      store.transaction(async (session) => {
        const result = await work(session);
        if (faults > 0) {
          faults -= 1;
          throw fault === 'death' ? new ServerDied() : new PassingFault('A simulated deadlock.');
        }
        return result;
      }),
  };
}
