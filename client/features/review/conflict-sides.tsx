import type { FieldValue } from '../../../shared/tickets/fields.ts';
import type { ValueOrigin } from '../../local-db/conflict-hooks.ts';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import { FieldValueView } from '../../ui/conflict-field-value.tsx';
import { ConflictValues } from '../../ui/conflict-values.tsx';
import { RelativeTime, useMinute } from '../../ui/relative-time.tsx';
import { exactTime } from '../../ui/time-words.ts';
import { capital, deviceWords, offlineWords, person, type Reader } from './conflict-words.ts';

interface ConflictSidesProps {
  conflict: Conflict;
  /** Where the current value came from; absent where it has stood since the beginning. */
  currentOrigin: ValueOrigin | undefined;
  reader: Reader;
}

/** The three values of a conflict, each with whose it is, when and where it was set. */
export function ConflictSides({ conflict, currentOrigin, reader }: ConflictSidesProps) {
  const value = (shown: FieldValue) => (
    <FieldValueView field={conflict.field} value={shown} nameOf={reader.nameOf} />
  );
  const proposedOrigin: ValueOrigin = {
    by: conflict.authorId,
    at: conflict.madeAt ?? conflict.openedAt,
    deviceId: conflict.deviceId,
    offlineSince: conflict.offlineSince,
  };
  const standing = currentOrigin ?? standingSinceUnknown(conflict);
  return (
    <ConflictValues
      base={{
        value: value(conflict.base),
        origin: `as ${person(conflict.authorId, reader)} saw it`,
      }}
      current={{
        value: value(conflict.current),
        origin: standing && (
          <Origin origin={standing} deed={conflict.kind === 'deleted' ? TRASHED : ''} reader={reader} />
        ),
      }}
      proposed={{
        value: value(conflict.proposed),
        origin: <Origin origin={proposedOrigin} reader={reader} />,
      }}
    />
  );
}

/** The activity may not have arrived yet: then only who is known. */
const standingSinceUnknown = ({ currentAuthorId, kind }: Conflict): ValueOrigin | undefined =>
  currentAuthorId === null || kind === 'deleted'
    ? undefined
    : { by: currentAuthorId, at: '', deviceId: null, offlineSince: null };

const TRASHED = ' moved the ticket to the trash';

interface OriginProps {
  origin: ValueOrigin;
  /** What they did, when it was not setting the value. */
  deed?: string;
  reader: Reader;
}

function Origin({ origin, deed = '', reader }: OriginProps) {
  const now = useMinute();
  const device = deviceWords(origin.by, origin.deviceId, reader);
  const offlineSince = origin.offlineSince === null ? Number.NaN : Date.parse(origin.offlineSince);
  return (
    <>
      {capital(person(origin.by, reader))}
      {deed}
      {origin.at !== '' && (
        <>
          {', '}
          <RelativeTime at={origin.at} />
        </>
      )}
      {device && <span title={`Device ${origin.deviceId}`}>{` ${device}`}</span>}
      {!Number.isNaN(offlineSince) && (
        <span title={exactTime(offlineSince)}>{`, ${offlineWords(offlineSince, now)}`}</span>
      )}
    </>
  );
}
