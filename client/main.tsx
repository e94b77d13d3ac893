import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { v4 as uuid } from 'uuid';
import { createLastProject } from './app/last-project.ts';
import { Providers } from './app/providers.tsx';
import { createAppRouter } from './app/router.tsx';
import { createSession } from './app/session.ts';
import { createSessionData } from './app/session-data.ts';
import { followUpdates } from './app/session-update.tsx';
import { createConnectivity } from './local-db/connectivity.ts';

/** The composition root: the only place where the browser's clock, storage, network and randomness are taken. */
function start(): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no element with the id "root".');

  const storage = window.localStorage;
  const now = () => new Date();
  const newId = () => uuid(); // crypto.randomUUID is missing on plain HTTP
  const fetch = (url: string, init?: RequestInit) => window.fetch(url, init);
  const hasNetwork = () => navigator.onLine;

  const connectivity = createConnectivity({ storage, events: window, hasNetwork, now });
  const session = createSession({ storage, events: window, fetch });
  const sessionData = createSessionData({
    session,
    connectivity,
    storage,
    collabUrl: `${window.location.origin.replace(/^http/, 'ws')}/collab`,
    locks: navigator.locks,
    fetch,
    newId,
    now,
  });
  const router = createAppRouter({ lastProject: createLastProject(storage) });

  void session.check();
  connectivity.subscribe(() => {
    if (connectivity.current().kind === 'online') void session.check();
  });
  // Without it the browser may delete the data of a site that was not visited for a while. It may say no.
  void navigator.storage?.persist?.();
  followUpdates();

  createRoot(root).render(
    <StrictMode>
      <Providers session={session} sessionData={sessionData}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}

start();
