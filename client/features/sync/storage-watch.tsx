import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useLocalData } from '../../local-db/context.ts';
import { lostWords, shortWords } from './storage-words.ts';
import { useShortStorage } from './use-storage-room.ts';

/** Tells the person when their browser cleared what was kept here, and when there is little room left for more. */
export function StorageWatch() {
  const { lostData } = useLocalData();
  const short = useShortStorage();
  useEffect(() => {
    if (!lostData) return;
    const message = lostWords(lostData, dayOf);
    notifications.show({ ...NOTICE, id: 'data-lost', title: 'This device’s data was cleared', message });
  }, [lostData]);
  useEffect(() => {
    // The same id: shown once while it lasts, with the latest figure.
    if (short === undefined) notifications.hide('storage-short');
    else
      notifications.show({
        ...NOTICE,
        id: 'storage-short',
        title: 'Storage is short',
        message: shortWords(short),
      });
  }, [short]);
  return null;
}

/** Stays until the person has closed it. */
const NOTICE = { autoClose: false, withBorder: true } as const;

const dayOf = (iso: string): string => new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
