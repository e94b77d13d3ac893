import type { Session } from './session.ts';

/** A session that is shared by all who have the description open in this tab. */
export interface SharedSession<S = Session> {
  readonly session: S;
  /** It was open before. */
  readonly shared: boolean;
  /** Gives it back; calling it again does nothing. */
  release(): void;
}

export interface SharedSessions<S = Session> {
  open(ticketId: string): SharedSession<S>;
  /** The session, when the description is open in this tab. Not to be kept: it may close any time. */
  peek(ticketId: string): S | undefined;
  /** Closes all of them once their last words are saved or kept, whoever still has one. */
  close(): Promise<void>;
}

interface SharedSessionsDeps<S> {
  readonly openNew: (ticketId: string) => S;
  readonly onClosed: (session: S) => void;
}

/**
 * One session for each description, however many ask for it. The last one to leave does not wait: the session
 * stays until the last words are saved, or kept, and lives on when somebody comes back in the meantime.
 */
export function shareSessions<S extends Pick<Session, 'settle' | 'close'>>({
  openNew,
  onClosed,
}: SharedSessionsDeps<S>): SharedSessions<S> {
  const sessions = new Map<string, { readonly session: S; users: number }>();

  const closeWhenSettled = async (ticketId: string) => {
    const entry = sessions.get(ticketId);
    if (!entry) return;
    await entry.session.settle();
    if (entry.users > 0 || sessions.get(ticketId) !== entry) return;
    sessions.delete(ticketId);
    await entry.session.close();
    onClosed(entry.session);
  };

  return {
    open(ticketId) {
      const existing = sessions.get(ticketId);
      const entry = existing ?? { session: openNew(ticketId), users: 0 };
      sessions.set(ticketId, entry);
      entry.users += 1;
      let released = false;
      return {
        session: entry.session,
        shared: existing !== undefined,
        release() {
          if (released) return;
          released = true;
          entry.users -= 1;
          if (entry.users === 0) void closeWhenSettled(ticketId);
        },
      };
    },
    peek: (ticketId) => sessions.get(ticketId)?.session,
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(
        open.map(async ({ session }) => {
          await session.settle();
          await session.close();
        }),
      );
    },
  };
}
