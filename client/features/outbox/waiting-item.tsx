import { Menu } from '@mantine/core';
import { IconArrowBackUp, IconCloudUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { WaitingOp } from '../../local-db/outbox/entries.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { copyOf } from './copy-of.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { OpMenu } from './op-menu.tsx';
import { OpView } from './op-view.tsx';
import { opText } from './op-words.ts';
import classes from './outbox.module.css';
import { useNameOf } from './use-names.ts';

/** An op without an answer: it can be discarded as long as it has not left this device. */
export function WaitingItem({ op }: { op: WaitingOp }) {
  const nameOf = useNameOf();
  const words = opText(op, nameOf);
  const [discarding, setDiscarding] = useState(false);
  const [problem, setProblem] = useState<string>();
  const mark = op.sent ? (
    <IconCloudUp size={16} stroke={1.7} aria-hidden />
  ) : (
    <PendingDot words="Kept on this device" />
  );
  return (
    <>
      <OpView
        op={op}
        mark={mark}
        state={op.sent ? 'Sent, no answer yet' : 'Waiting'}
        actions={
          <OpMenu
            words={words}
            ticketId={op.ticket_id}
            copyText={async () => copyOf(op, nameOf)}
            onProblem={setProblem}
          >
            <Menu.Item
              leftSection={<IconArrowBackUp size={15} aria-hidden />}
              disabled={op.sent}
              onClick={() => setDiscarding(true)}
            >
              Discard…
            </Menu.Item>
            {op.sent && <p className={classes.menuNote}>It may have reached the server already.</p>}
          </OpMenu>
        }
      >
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
      </OpView>
      {discarding && <DiscardDialog op={op} words={words} onClose={() => setDiscarding(false)} />}
    </>
  );
}
