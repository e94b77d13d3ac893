import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Descriptions } from './descriptions.ts';
import type { Observable } from './observable.ts';
import type { Session } from './session.ts';

const DescriptionsContext = createContext<Descriptions | null>(null);

interface DescriptionsProviderProps {
  descriptions: Descriptions;
  children: ReactNode;
}

/** Gives the screens below it the signed-in person's descriptions. */
export function DescriptionsProvider({ descriptions, children }: DescriptionsProviderProps) {
  return <DescriptionsContext value={descriptions}>{children}</DescriptionsContext>;
}

export function useDescriptions(): Descriptions {
  const descriptions = useContext(DescriptionsContext);
  if (!descriptions) {
    throw new Error('useDescriptions needs a DescriptionsProvider above it: render below <Providers>.');
  }
  return descriptions;
}

/** The open description of a ticket, shared by all who ask; null in the first render, before it is opened. */
export function useSession(ticketId: string): Session | null {
  const descriptions = useDescriptions();
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const opened = descriptions.open(ticketId);
    setSession(opened.session);
    return opened.release;
  }, [descriptions, ticketId]);
  // Until the effect has run, state still holds the description of the ticket shown before.
  return session?.ticketId === ticketId ? session : null;
}

export const useObservable = <T,>({ subscribe, get }: Observable<T>): T =>
  useSyncExternalStore(subscribe, get);
