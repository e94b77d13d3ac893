/** The project this person looked at last on this device: where the app opens. */
export interface LastProject {
  read(): string | null;
  write(key: string): void;
}

const KEY = 'rejoin.last-project';

export const createLastProject = (storage: Pick<Storage, 'getItem' | 'setItem'>): LastProject => ({
  read: () => storage.getItem(KEY),
  write: (key) => storage.setItem(KEY, key),
});
