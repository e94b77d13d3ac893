import { Button } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { type ComponentType, lazy } from 'react';
import classes from './marks.module.css';

/**
 * A part of the app whose code comes when it is first shown. Where that cannot be had (Rejoin was updated, and what
 * this page was made of is gone from the server), `instead` is shown: it should say so, with a {@link ReloadNote}.
 */
export const loadLater = <Props,>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  instead: ComponentType<Props>,
) => lazy(() => load().catch(() => ({ default: instead })));

interface ReloadNoteProps {
  /** What the person wanted: "go on editing". */
  to: string;
}

/** Why something is missing, and the way to get it. */
export function ReloadNote({ to }: ReloadNoteProps) {
  const { online } = useNetwork();
  return (
    <p role="status" className={classes.reloadNote}>
      <span>
        {online
          ? `Rejoin was updated. Reload to ${to}.`
          : `This part of Rejoin is not on this device. Reload when you are online to ${to}.`}
      </span>
      <Button variant="default" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </p>
  );
}
