import { Button } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useEdits } from '../../local-db/context.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import { type Notice, useNotices } from '../../local-db/inbox-hooks.ts';
import { readJson } from '../../local-db/rows.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './inbox.module.css';
import { noticeWords } from './notice-words.ts';
import { TicketReference } from './ticket-reference.tsx';

/** What this person must be told, newest first. */
export function NoticeList() {
  const notices = useNotices();
  const people = useProfiles();
  const { readNotices } = useEdits();
  if (!notices) return null;
  const unread = notices.filter((notice) => notice.read_at === null);
  const read = (shown: readonly Notice[]) => void readNotices(shown.map((notice) => notice.id));
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody';
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Notices</h1>
        {unread.length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => read(unread)}>
            Mark all as read
          </Button>
        )}
      </header>
      {notices.length === 0 ? (
        <EmptyState icon={<IconBell size={32} stroke={1.4} aria-hidden />} title="Nothing new">
          Here you are told when your edit met somebody else’s, and when somebody assigns you a ticket.
        </EmptyState>
      ) : (
        <ul className={classes.lines}>
          {notices.map((notice) => (
            <li key={notice.id} className={classes.line} data-unread={notice.read_at === null || undefined}>
              <div className={classes.lineBody}>
                <TicketReference
                  reference={notice}
                  onFollow={() => notice.read_at === null && read([notice])}
                />
                <span className={classes.sentence}>
                  {noticeWords(notice.kind, readJson(notice.detail), nameOf)}
                </span>
              </div>
              <span className={classes.when}>
                <RelativeTime at={notice.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
