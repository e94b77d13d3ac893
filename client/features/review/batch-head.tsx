import { Checkbox } from '@mantine/core';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { useMinute } from '../../ui/relative-time.tsx';
import type { Batch } from './batches.ts';
import { capital, deviceWords, offlineWords, person, type Reader } from './conflict-words.ts';
import classes from './review.module.css';

interface BatchHeadProps {
  batch: Batch<unknown>;
  reader: Reader;
  /** The ids of its questions that can be answered now. */
  decidable: readonly string[];
  selected: ReadonlySet<string>;
  onToggle: (ids: readonly string[]) => void;
}

/** Whose edits follow, and a box that selects them all. */
export function BatchHead({ batch, reader, decidable, selected, onToggle }: BatchHeadProps) {
  const now = useMinute();
  const name = capital(person(batch.authorId, reader));
  const device = deviceWords(batch.authorId, batch.deviceId, reader);
  const since = batch.offlineSince === null ? Number.NaN : Date.parse(batch.offlineSince);
  const count = decidable.filter((id) => selected.has(id)).length;
  return (
    <header className={classes.batchHead}>
      {decidable.length > 0 && (
        <Checkbox
          size="xs"
          aria-label={`Select all ${decidable.length} of ${name}`}
          checked={count === decidable.length}
          indeterminate={count > 0 && count < decidable.length}
          onChange={() => onToggle(decidable)}
        />
      )}
      <PersonAvatar id={batch.authorId} name={reader.nameOf(batch.authorId)} size={18} labelled={false} />
      <h2 className={classes.batchTitle}>{name}</h2>
      <span className={classes.quiet}>
        {batch.items.length} edits{device && ` ${device}`}
        {!Number.isNaN(since) && `, ${offlineWords(since, now)}`}
      </span>
    </header>
  );
}
