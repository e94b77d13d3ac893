import { createContext, useContext } from 'react';

/** Opens the dialog for a new ticket; undefined where this person may not create any. */
export type OpenNewTicket = (() => void) | undefined;

export const NewTicketContext = createContext<OpenNewTicket>(undefined);

export const useNewTicket = (): OpenNewTicket => useContext(NewTicketContext);
