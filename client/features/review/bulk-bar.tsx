import { Button, Kbd, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePanelKeys } from './question-keys.ts';
import classes from './review.module.css';

interface BulkBarProps {
  count: number;
  onKeepAll: () => void;
  onTakeAll: () => void;
  onClear: () => void;
}

const PHYSICAL = { usePhysicalKeys: true };

/** What can be done with several questions at once. */
export function BulkBar({ count, onKeepAll, onTakeAll, onClear }: BulkBarProps) {
  usePanelKeys([
    // By place: with Shift, the digits give other signs on most keyboards.
    ['shift+Digit1', onKeepAll, PHYSICAL],
    ['shift+Digit2', onTakeAll, PHYSICAL],
    ['Escape', onClear],
  ]);
  return (
    <div className={classes.bulk} role="toolbar" aria-label="Selected questions">
      <span className={classes.bulkCount}>{count} selected</span>
      <BulkButton keys={['Shift', '1']} onClick={onKeepAll}>
        Keep all as they are now
      </BulkButton>
      <BulkButton keys={['Shift', '2']} onClick={onTakeAll}>
        Take all proposed
      </BulkButton>
      <Tooltip label={<Kbd size="xs">Esc</Kbd>}>
        <Button variant="subtle" color="gray" onClick={onClear}>
          Clear selection
        </Button>
      </Tooltip>
    </div>
  );
}

interface BulkButtonProps {
  keys: readonly string[];
  onClick: () => void;
  children: ReactNode;
}

function BulkButton({ keys, onClick, children }: BulkButtonProps) {
  const shortcut = keys.map((key) => (
    <Kbd key={key} size="xs">
      {key}
    </Kbd>
  ));
  return (
    <Tooltip label={<span className={classes.keys}>{shortcut}</span>}>
      <Button variant="default" aria-keyshortcuts={keys.join('+')} onClick={onClick}>
        {children}
      </Button>
    </Tooltip>
  );
}
