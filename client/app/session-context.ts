import { createContext, useContext } from 'react';
import type { User } from './session.ts';

export interface SessionActions {
  readonly user: User;
  /** Opens the dialog that asks before anything unsent would be lost; signs out at once when nothing is. */
  requestSignOut(): void;
  /** Opens the sign-in form over the app: nothing on this device is lost meanwhile. */
  requestSignIn(): void;
}

export const SessionContext = createContext<SessionActions | null>(null);

export function useSession(): SessionActions {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionContext above it: render below <SessionGate>.');
  return session;
}
