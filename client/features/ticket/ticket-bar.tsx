import { ActionIcon, CopyButton, Kbd, Menu, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconCheck, IconDots, IconLink, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Project, Ticket } from '../../local-db/rows.ts';
import type { Neighbours, NumberedRow } from '../../local-db/ticket-hooks.ts';
import { OnlineOnly } from '../../ui/online-only.tsx';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './ticket.module.css';

interface TicketBarProps {
  project: Project | undefined;
  ticket: Ticket;
  pending: boolean;
  neighbours: Neighbours;
  onOpen: (ticket: NumberedRow) => void;
  onDelete: () => void;
  /** Why it cannot be deleted now; absent where it can. */
  deleteRefusal?: string;
}

/** Where this ticket is, and what can be done with it as a whole. */
export function TicketBar(props: TicketBarProps) {
  const { project, ticket, pending, neighbours, onOpen, onDelete, deleteRefusal } = props;
  const { previous, next } = neighbours;
  useHotkeys([
    ['k', () => previous && onOpen(previous)],
    ['j', () => next && onOpen(next)],
  ]);
  return (
    <div className={classes.bar}>
      <nav aria-label="Breadcrumb" className={classes.breadcrumb}>
        {project && (
          <Link to="/p/$key" params={{ key: project.key }} className={classes.projectLink}>
            {project.name}
          </Link>
        )}
        <span aria-hidden className={classes.slash}>
          /
        </span>
        <TicketKey projectKey={project?.key ?? ''} number={ticket.number} />
        {pending && <PendingDot words="Changes not sent yet" />}
      </nav>
      <span className={classes.barActions}>
        <StepButton label="Previous ticket" hotkey="k" target={previous} onOpen={onOpen}>
          <IconArrowUp size={16} aria-hidden />
        </StepButton>
        <StepButton label="Next ticket" hotkey="j" target={next} onOpen={onOpen}>
          <IconArrowDown size={16} aria-hidden />
        </StepButton>
        <CopyLink ticketId={ticket.id} />
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon aria-label="Ticket actions">
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <OnlineOnly compact reason={deleteRefusal}>
              <Menu.Item leftSection={<IconTrash size={15} aria-hidden />} onClick={onDelete}>
                Delete ticket…
              </Menu.Item>
            </OnlineOnly>
          </Menu.Dropdown>
        </Menu>
      </span>
    </div>
  );
}

interface StepButtonProps {
  label: string;
  hotkey: string;
  target: NumberedRow | undefined;
  onOpen: (ticket: NumberedRow) => void;
  children: ReactNode;
}

function StepButton({ label, hotkey, target, onOpen, children }: StepButtonProps) {
  return (
    <Tooltip
      label={
        <>
          {label} <Kbd size="xs">{hotkey}</Kbd>
        </>
      }
    >
      <ActionIcon
        aria-label={label}
        className={classes.step}
        aria-disabled={!target}
        onClick={() => target && onOpen(target)}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** By id: such a link also works before the server has given the ticket its number. */
function CopyLink({ ticketId }: { ticketId: string }) {
  return (
    <CopyButton value={`${window.location.origin}/t/${ticketId}`}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy link'}>
          <ActionIcon aria-label={copied ? 'Link copied' : 'Copy link'} onClick={copy}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
