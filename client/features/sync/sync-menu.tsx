import { Button, Switch, Text } from '@mantine/core';
import { useConnectivity, useLocalData } from '../../local-db/context.ts';
import type { SyncState } from '../../local-db/sync-state.ts';
import { OutboxSummary } from './outbox-summary.tsx';
import classes from './sync.module.css';
import { menuWords } from './sync-words.ts';

interface SyncMenuProps {
  readonly state: SyncState;
  readonly onSignIn: () => void;
  /** A link in the menu was followed. */
  readonly onLeave: () => void;
}

export function SyncMenu({ state, onSignIn, onLeave }: SyncMenuProps) {
  const { connectivity } = useLocalData();
  const { kind } = useConnectivity();
  return (
    <div className={classes.menu}>
      <div className={classes.menuPart}>
        <Text fz="sm">{menuWords(state)}</Text>
        {state.kind === 'synced' && state.at && (
          <Text fz="xs" c="dimmed" mt={4}>
            Last at {state.at.toLocaleTimeString()}
          </Text>
        )}
        {state.kind === 'needs-sign-in' && (
          <Button mt="sm" onClick={onSignIn}>
            Sign in
          </Button>
        )}
      </div>
      <div className={classes.menuPart}>
        <Switch
          label="Work offline"
          size="sm"
          checked={kind === 'work-offline'}
          onChange={(event) => connectivity.setWorkOffline(event.currentTarget.checked)}
        />
      </div>
      <OutboxSummary onFollow={onLeave} />
    </div>
  );
}
