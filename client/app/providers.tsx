import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { cssVariablesResolver, theme } from '../ui/theme.ts';
import type { SessionStore } from './session.ts';
import type { SessionDataStore } from './session-data.ts';
import { SessionGate } from './session-gate.tsx';

interface ProvidersProps {
  readonly session: SessionStore;
  readonly sessionData: SessionDataStore;
  readonly children: ReactNode;
}

/** What every screen stands on, outermost first: looks, notifications, the person and their data. */
export function Providers({ session, sessionData, children }: ProvidersProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <SessionGate session={session} sessionData={sessionData}>
        {children}
      </SessionGate>
    </MantineProvider>
  );
}
