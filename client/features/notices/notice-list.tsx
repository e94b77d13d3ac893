import { Button, SegmentedControl } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useState } from 'react';
import { useEdits } from '../../local-db/context.ts';
import { useNotices, useUnreadNotices } from '../../local-db/notice-hooks.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { NoticeItem } from './notice-item.tsx';
import classes from './notices.module.css';

const STEP = 100;

/** What this person must be told, newest first. What is read here is read on all their devices. */
export function NoticeList() {
  const [unreadOnly, setUnreadOnly] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const [problem, setProblem] = useState<string>();
  const notices = useNotices({ unreadOnly, limit });
  const unread = useUnreadNotices();
  const { readNotices } = useEdits();
  if (!notices) return null;
  const read = async (ids: readonly string[]) => {
    const done = await readNotices(ids);
    setProblem(done.ok ? undefined : done.reason);
  };
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Notices</h1>
        <span className={classes.headerActions}>
          {unread.length > 0 && (
            <Button variant="subtle" color="gray" onClick={() => void read(unread)}>
              Mark all as read
            </Button>
          )}
          <SegmentedControl
            size="xs"
            aria-label="Which notices"
            value={unreadOnly ? 'unread' : 'all'}
            onChange={(which) => setUnreadOnly(which === 'unread')}
            data={[
              { value: 'all', label: 'All' },
              { value: 'unread', label: unread.length > 0 ? `Unread ${unread.length}` : 'Unread' },
            ]}
          />
        </span>
      </header>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {notices.length === 0 ? (
        <Nothing unreadOnly={unreadOnly} />
      ) : (
        <ul className={classes.lines}>
          {notices.map((notice) => (
            <NoticeItem key={notice.id} notice={notice} onRead={() => void read([notice.id])} />
          ))}
        </ul>
      )}
      {notices.length === limit && (
        <Button variant="subtle" color="gray" onClick={() => setLimit(limit + STEP)}>
          Show older ones
        </Button>
      )}
    </div>
  );
}

function Nothing({ unreadOnly }: { unreadOnly: boolean }) {
  const title = unreadOnly ? 'You have read everything' : 'No notices yet';
  return (
    <EmptyState icon={<IconBell size={32} stroke={1.4} aria-hidden />} title={title}>
      Here you are told when your edit met somebody else’s: merged, kept out by a rule, in review or not
      accepted; and when somebody assigns you a ticket or mentions you.
    </EmptyState>
  );
}
