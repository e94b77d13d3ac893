import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TicketFacts } from '../../local-db/ticket-facts.ts';
import type { LabDevice, LabDevices } from './device.ts';

/** What a device knows of a ticket, live; undefined until read. */
export function useFacts({ reader }: LabDevice, ticketId: string): TicketFacts | undefined {
  const [facts, setFacts] = useState<{ readonly of: string; readonly found: TicketFacts }>();
  useEffect(() => {
    let current = true;
    const read = async () => {
      const found = await reader.read(ticketId);
      if (current) setFacts({ of: ticketId, found });
    };
    // A failed read leaves what was read before; the next change asks again.
    const look = () => void read().catch(() => undefined);
    const stop = reader.onChange(look);
    look();
    return () => {
      current = false;
      stop();
    };
  }, [reader, ticketId]);
  return facts?.of === ticketId ? facts.found : undefined;
}

/** The device that hears what the server says: an online one where there is one. */
export function useListener({ laptop, phone }: LabDevices): LabDevice {
  const { connectivity } = laptop.data;
  const state = useSyncExternalStore(connectivity.subscribe, connectivity.current);
  return state.kind === 'online' ? laptop : phone;
}
