import type { VersionEntry } from '../../../shared/protocol/versions.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { personColour } from '../../ui/person-colour.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './history.module.css';
import { kindWords, peopleWords } from './version-words.ts';

interface TimelineProps {
  versions: readonly VersionEntry[];
  chosen: string | null;
  nameOf: (id: string) => string;
  onChoose: (id: string) => void;
}

/** Versions down a line, the newest on top, each with its people in their colours. */
export function Timeline({ versions, chosen, nameOf, onChoose }: TimelineProps) {
  return (
    <ol className={classes.timeline} aria-label="Versions">
      {versions.map((version) => {
        const words = kindWords(version, nameOf);
        const [first] = version.authors;
        return (
          <li key={version.id}>
            <span className={classes.dot} style={{ background: personColour(first?.id ?? '') }} aria-hidden />
            <button
              type="button"
              className={classes.entry}
              aria-pressed={version.id === chosen}
              data-kind={version.kind}
              onClick={() => onChoose(version.id)}
            >
              <span className={classes.entryTop}>
                <RelativeTime at={version.ended_at} />
                <span className={classes.people}>
                  {version.authors.map(({ id }) => (
                    <PersonAvatar key={id} id={id} name={nameOf(id)} size={18} labelled={false} />
                  ))}
                </span>
              </span>
              <span className={words ? classes.kept : classes.names}>
                {words ?? peopleWords(version, nameOf)}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
