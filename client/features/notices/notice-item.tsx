import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconAt,
  IconBan,
  IconCheck,
  IconGitFork,
  IconGitMerge,
  IconInfoCircle,
  IconReplace,
  IconUserCheck,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useLocalData } from '../../local-db/context.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import type { Notice } from '../../local-db/notice-hooks.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TicketReference } from '../../ui/ticket-reference.tsx';
import { noticeWords } from './notice-words.ts';
import classes from './notices.module.css';

interface NoticeItemProps {
  readonly notice: Notice;
  readonly onRead: () => void;
}

/** One notice; following its link reads it. */
export function NoticeItem({ notice, onRead }: NoticeItemProps) {
  const { userId } = useLocalData();
  const people = useProfiles();
  const isUnread = notice.read_at === null;
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody';
  const words = noticeWords(notice.kind, notice.detail, { userId, nameOf });
  const follow = () => {
    if (isUnread) onRead();
  };
  const Mark = MARKS[notice.kind] ?? IconInfoCircle;
  return (
    <li className={classes.line} data-unread={isUnread || undefined}>
      <Mark className={classes.mark} data-kind={notice.kind} size={17} stroke={1.7} aria-hidden />
      <div className={classes.body}>
        <span className={classes.sentence}>
          {isUnread && <span className="visually-hidden">Unread: </span>}
          {words}
        </span>
        <span className={classes.about}>
          <TicketReference place={notice} onFollow={follow} />
          {notice.kind === 'review' && (
            <Link to="/review" className={classes.link} onClick={follow}>
              Review
            </Link>
          )}
        </span>
      </div>
      <span className={classes.side}>
        <RelativeTime at={notice.created_at} />
        {isUnread && (
          <Tooltip label="Mark as read">
            <ActionIcon aria-label={`Mark as read: ${words}`} onClick={onRead}>
              <IconCheck size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </li>
  );
}

const MARKS: Readonly<Record<string, typeof IconAt>> = {
  merged: IconGitMerge,
  overridden: IconReplace,
  review: IconGitFork,
  rejected: IconBan,
  mentioned: IconAt,
  assigned: IconUserCheck,
};
