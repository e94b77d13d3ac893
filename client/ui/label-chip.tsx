import { IconX } from '@tabler/icons-react';
import classes from './marks.module.css';

interface LabelChipProps {
  name: string;
  colour: string;
  onRemove?: () => void;
}

/** A label: its colour as a dot, its name in words. */
export function LabelChip({ name, colour, onRemove }: LabelChipProps) {
  return (
    <span className={classes.label} title={name}>
      <span className={classes.labelDot} style={{ background: colour }} aria-hidden />
      <span className={classes.labelName}>{name}</span>
      {onRemove && (
        <button
          type="button"
          className={classes.labelRemove}
          aria-label={`Remove label ${name}`}
          onClick={onRemove}
        >
          <IconX size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}
