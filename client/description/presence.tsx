import { PersonAvatar } from '../ui/person-avatar.tsx';
import { useSession } from './context.tsx';
import { useOthersHere } from './people.ts';
import type { Session } from './session.ts';

const SHOWN = 5;

interface DescriptionPresenceProps {
  ticketId: string;
  /** The signed-in person, who is not shown to themselves. */
  userId: string;
}

/** Who else has this description open now. */
export function DescriptionPresence({ ticketId, userId }: DescriptionPresenceProps) {
  const session = useSession(ticketId);
  return session && <PeopleHere session={session} userId={userId} />;
}

function PeopleHere({ session, userId }: { session: Session; userId: string }) {
  const people = useOthersHere(session.awareness, userId);
  if (people.length === 0) return null;
  const hidden = people.slice(SHOWN);
  return (
    <ul className="description-people" aria-label="Also here">
      {people.slice(0, SHOWN).map(({ id, name }) => (
        <li key={id}>
          <PersonAvatar id={id} name={name} live />
        </li>
      ))}
      {hidden.length > 0 && (
        <li className="description-people-more" title={hidden.map(({ name }) => name).join(', ')}>
          +{hidden.length}
        </li>
      )}
    </ul>
  );
}
