import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useDescriptions } from '../../description/context.tsx';
import { replaceContent } from '../../description/replace-content.ts';
import type { Session } from '../../description/session.ts';
import classes from './history.module.css';
import { keepVersion, readVersion } from './versions-api.ts';

interface RestoreProps {
  session: Session;
  versionId: string;
  /** When the version is from, in words. */
  moment: string;
  /** Why this person may not restore now. */
  refusal: string | undefined;
  onRestored: () => void;
}

/** Puts an older version in the place of what stands now: a new edit, which keeps the history (D13). */
export function Restore({ session, versionId, moment, refusal, onRestored }: RestoreProps) {
  const descriptions = useDescriptions();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const restore = async () => {
    setBusy(true);
    const restored = await restoreVersion(session, versionId);
    setBusy(false);
    if (!restored.ok) return setProblem(restored.reason);
    setAsking(false);
    // The description stays open for as long as this can be taken back, wherever the person goes.
    const { release } = descriptions.open(session.ticketId);
    offerUndo(moment, restored.undo, release);
    onRestored();
  };
  return (
    <>
      <Button
        variant="default"
        disabled={refusal !== undefined}
        title={refusal}
        onClick={() => setAsking(true)}
      >
        Restore this version
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Restore this version?" centered>
        <p className={classes.ask}>
          The description will say again what it said on {moment}. What stands now stays in the history.
        </p>
        {problem && (
          <p role="alert" className={classes.problem}>
            {problem}
          </p>
        )}
        <div className={classes.answers}>
          <Button variant="default" onClick={() => setAsking(false)}>
            Cancel
          </Button>
          <Button loading={busy} onClick={() => void restore()}>
            Restore
          </Button>
        </div>
      </Modal>
    </>
  );
}

const UNSENT =
  'What you wrote last has not reached the server yet, so the history would not hold it. Wait until the description says that it is saved, then restore.';

async function restoreVersion(session: Session, versionId: string) {
  const version = await readVersion(session.ticketId, versionId);
  if (!version.ok) return version;
  // The server keeps what it knows of: words that came with the restore itself would be in no version.
  await session.settle();
  if (session.saveState.get().kind !== 'saved') return { ok: false, reason: UNSENT } as const;
  const kept = await keepVersion(session.ticketId);
  return kept.ok ? replaceContent(session, version.value) : kept;
}

const UNDO_MS = 10_000;

function offerUndo(moment: string, undo: () => void, onOver: () => void): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    withBorder: true,
    onClose: onOver,
    title: 'Version restored',
    message: (
      <span className={classes.undo}>
        <span>{moment}</span>
        <Button variant="light" onClick={takeBack}>
          Undo
        </Button>
      </span>
    ),
  });
  function takeBack() {
    undo();
    notifications.hide(id);
  }
}
