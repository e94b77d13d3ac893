import { registerSW } from 'virtual:pwa-register';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const HOURLY_MS = 60 * 60 * 1000;

/**
 * Keeps the installed app current. A new version waits until the person asks for it: a reload in the middle of a
 * sentence would be rude. Their work is safe either way, it lives in the local database.
 */
export function followUpdates(): void {
  const update = registerSW({
    onNeedRefresh: () => {
      const reload = (
        <Button mt={8} onClick={() => void update(true)}>
          Reload
        </Button>
      );
      notifications.show({
        id: 'new-version',
        title: 'A new version of Rejoin is ready',
        message: reload,
        autoClose: false,
      });
    },
    onRegisteredSW: (_url, registration) => {
      if (!registration) return;
      // Offline the look-up fails; the next one finds what there is.
      setInterval(() => void registration.update().catch(() => {}), HOURLY_MS);
    },
  });
}
