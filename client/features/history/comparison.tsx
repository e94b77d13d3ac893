import type { JSONContent } from '@tiptap/core';
import { useMemo } from 'react';
import { countChanges, diffDocuments } from '../../../shared/description/diff.ts';
import { ShownDocument } from '../../description/shown-document.tsx';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { personColour } from '../../ui/person-colour.ts';
import classes from './history.module.css';
import { type LoadedDocument, useVersionDocument } from './use-versions.ts';

/** What a comparison is made with: a version's id, what stands now, or nothing. */
export const NOW = 'now';
export const NOTHING = 'nothing';

interface ComparisonProps {
  ticketId: string;
  versionId: string;
  /** A version's id, {@link NOW} or {@link NOTHING}. */
  withId: string;
  now: JSONContent;
  /** Who wrote what differs, as far as that is known. */
  writers: readonly string[];
  nameOf: (id: string) => string;
}

/** A version, with what differs from another one marked. */
export function Comparison({ ticketId, versionId, withId, now, ...rest }: ComparisonProps) {
  const version = useVersionDocument(ticketId, versionId);
  const stored = useVersionDocument(ticketId, withId === NOW || withId === NOTHING ? null : withId);
  const other: LoadedDocument = withId === NOW ? { kind: 'there', document: now } : stored;
  if (version.kind === 'failed') return <Problem words={version.reason} />;
  if (version.kind === 'loading') return <p className={classes.quiet}>Getting this version.</p>;
  if (withId === NOTHING) return <ShownDocument document={version.document} label="This version" />;
  if (other.kind === 'failed') {
    return (
      <>
        <Problem words={`There is nothing to compare with. ${other.reason}`} />
        <ShownDocument document={version.document} label="This version" />
      </>
    );
  }
  if (other.kind === 'loading') return <p className={classes.quiet}>Getting the version to compare with.</p>;
  // What stands now comes after every version: then the differences are what happened since.
  const [before, after] =
    withId === NOW ? [version.document, other.document] : [other.document, version.document];
  return <Differences before={before} after={after} {...rest} />;
}

interface DifferencesProps extends Pick<ComparisonProps, 'writers' | 'nameOf'> {
  before: JSONContent;
  after: JSONContent;
}

/** In the colour of the one who wrote it; where it was several, nothing tells their words apart. */
function Differences({ before, after, writers, nameOf }: DifferencesProps) {
  const { added, removed, changed } = useMemo(
    () => countChanges(diffDocuments(before, after)),
    [before, after],
  );
  const isSame = added + removed + changed === 0;
  const [writer, ...others] = writers;
  const colour = writer !== undefined && others.length === 0 ? personColour(writer) : undefined;
  return (
    <>
      <p className={classes.counts} role="status">
        <span>
          {isSame ? 'No difference between the two.' : `${wordsOf(added)} added, ${wordsOf(removed)} removed`}
          {changed > 0 && `, ${changed} of another form`}
        </span>
        {!isSame &&
          writers.map((id) => (
            <span key={id} className={classes.writer}>
              <PersonAvatar id={id} name={nameOf(id)} size={16} labelled={false} />
              {nameOf(id)}
            </span>
          ))}
      </p>
      <ShownDocument document={after} before={before} colour={colour} label="What differs" />
    </>
  );
}

const wordsOf = (count: number): string => (count === 1 ? '1 word' : `${count} words`);

const Problem = ({ words }: { words: string }) => (
  <p role="alert" className={classes.problem}>
    {words}
  </p>
);
