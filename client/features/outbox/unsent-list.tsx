import { useDescriptions, useObservable } from '../../description/context.tsx';
import { useOutboxCounts, useTicketPlace, useWaitingOps } from '../../local-db/outbox/hooks.ts';
import { MoreLine } from './more-line.tsx';
import { opText, placeWords } from './op-words.ts';
import classes from './outbox.module.css';
import { useNameOf } from './use-names.ts';

/** Everything that is on this device only, in words. */
export function UnsentList() {
  const waiting = useWaitingOps();
  const counts = useOutboxCounts();
  const descriptions = useObservable(useDescriptions().sync.waiting);
  const nameOf = useNameOf();
  return (
    <ul className={classes.plainList} aria-label="Not sent yet">
      {waiting?.map((op) => (
        <li key={op.op_id}>{opText(op, nameOf)}</li>
      ))}
      {descriptions.map(({ ticketId }) => (
        <UnsentDescription key={ticketId} ticketId={ticketId} />
      ))}
      <MoreLine count={(counts?.waiting ?? 0) - (waiting?.length ?? 0)} />
    </ul>
  );
}

function UnsentDescription({ ticketId }: { ticketId: string }) {
  return <li>Words in the description of {placeWords(useTicketPlace(ticketId))}</li>;
}
