import { Button } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { DescriptionEditor } from '../../description/editor.tsx';
import { LabPage } from '../../features/lab/lab-page.tsx';
import { SyncChip } from '../../features/sync/sync-chip.tsx';
import { TicketLabels } from '../../features/ticket/ticket-labels.tsx';
import { useOfflineReason } from '../../local-db/use-permissions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useLab } from '../lab-context.ts';
import { useSession } from '../session-context.ts';

/** Two live devices of this person on one page. They need the server once, to have a project of their own. */
export function LabRoute() {
  const { state, retry } = useLab();
  const offline = useOfflineReason();
  const { user, requestSignIn } = useSession();
  switch (state.kind) {
    case 'open':
      return (
        <LabPage
          lab={state}
          now={now}
          wantsLessMotion={wantsLessMotion}
          renderSyncChip={() => <SyncChip onSignIn={requestSignIn} />}
          renderLabels={(ticket, readOnlyBecause, onProblem) => (
            <TicketLabels ticket={ticket} readOnlyBecause={readOnlyBecause} onProblem={onProblem} />
          )}
          renderDescription={(ticket, readOnlyReason) => (
            <DescriptionEditor
              ticketId={ticket.id}
              editable={readOnlyReason === undefined}
              readOnlyReason={readOnlyReason}
              user={{ id: user.id, name: user.name }}
            />
          )}
        />
      );
    case 'failed':
      return (
        <EmptyState
          icon={<IconFlask size={32} stroke={1.4} aria-hidden />}
          title="The laboratory cannot open now"
          action={
            <Button disabled={Boolean(offline)} onClick={retry}>
              Try again
            </Button>
          }
        >
          {offline ?? state.reason}
        </EmptyState>
      );
    case 'closed':
    case 'opening':
      return (
        <EmptyState icon={<IconFlask size={32} stroke={1.4} aria-hidden />} title="Setting up two devices">
          Your laptop and your phone each get a copy of your projects. The first time takes a moment.
        </EmptyState>
      );
  }
}

const now = () => new Date();
const wantsLessMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
