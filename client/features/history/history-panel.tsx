import { Select } from '@mantine/core';
import { useState } from 'react';
import type { VersionEntry } from '../../../shared/protocol/versions.ts';
import { useSession } from '../../description/context.tsx';
import type { Session } from '../../description/session.ts';
import { useDocumentNow } from '../../description/use-document-now.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Comparison, NOTHING, NOW } from './comparison.tsx';
import classes from './history.module.css';
import { Restore } from './restore.tsx';
import { Timeline } from './timeline.tsx';
import { useVersions, type VersionsState } from './use-versions.ts';
import { kindWords, momentWords, peopleWords } from './version-words.ts';
import { writersBetween } from './writers.ts';

interface HistoryPanelProps {
  ticketId: string;
  projectId: string;
}

/** Who wrote what and when in a description; any two versions compared, and any of them brought back (D13). */
export default function HistoryPanel({ ticketId, projectId }: HistoryPanelProps) {
  const session = useSession(ticketId);
  const state = useVersions(ticketId);
  const offline = useOfflineReason();
  if (state.versions === null)
    return <p className={classes.quiet}>{state.problem ?? offline ?? 'Getting the versions.'}</p>;
  if (!session) return null;
  if (state.versions.length === 0) {
    return (
      <EmptyState title="No versions yet">
        As soon as somebody writes in this description, what it said and who wrote it is kept here.
      </EmptyState>
    );
  }
  return <Versions session={session} projectId={projectId} {...state} versions={state.versions} />;
}

type VersionsProps = Omit<VersionsState, 'versions'> & {
  versions: readonly VersionEntry[];
  session: Session;
  projectId: string;
};

function Versions({ session, projectId, versions, problem, reload }: VersionsProps) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const profiles = useProfiles();
  const permit = usePermit();
  const offline = useOfflineReason();
  const now = useDocumentNow(session);
  const nameOf = (id: string) => profiles.get(id)?.name ?? 'somebody';
  const chosen = versions.find(({ id }) => id === chosenId) ?? versions[0];
  if (!chosen || !now) return null;
  const place = versions.indexOf(chosen);
  const withId = wanted ?? versions[place + 1]?.id ?? NOTHING;
  const refusal = refusalOf(permit('description.edit', { projectId })) ?? offline;
  return (
    <div className={classes.panel}>
      <Timeline
        versions={versions}
        chosen={chosen.id}
        nameOf={nameOf}
        onChoose={(id) => {
          setChosenId(id);
          setWanted(null);
        }}
      />
      <section className={classes.version} aria-label="Version">
        <header className={classes.versionHead}>
          <div>
            <h3 className={classes.title}>{momentWords(chosen)}</h3>
            <p className={classes.quiet}>{kindWords(chosen, nameOf) ?? peopleWords(chosen, nameOf)}</p>
          </div>
          <Restore
            session={session}
            versionId={chosen.id}
            moment={momentWords(chosen)}
            refusal={refusal}
            onRestored={() => void reload()}
          />
        </header>
        <Select
          label="Compare with"
          className={classes.compare}
          allowDeselect={false}
          data={comparable(versions, chosen, nameOf)}
          value={withId}
          onChange={setWanted}
        />
        {problem && (
          <p role="alert" className={classes.problem}>
            {problem}
          </p>
        )}
        <Comparison
          ticketId={session.ticketId}
          versionId={chosen.id}
          withId={withId}
          now={now}
          writers={writersBetween(versions, chosen.id, withId === NOTHING ? null : withId)}
          nameOf={nameOf}
        />
      </section>
    </div>
  );
}

function comparable(versions: readonly VersionEntry[], chosen: VersionEntry, nameOf: (id: string) => string) {
  const others = versions.filter(({ id }) => id !== chosen.id);
  return [
    { value: NOW, label: 'What stands now' },
    { value: NOTHING, label: 'Nothing: as it was' },
    ...others.map((version) => ({
      value: version.id,
      label: `${momentWords(version)}, ${kindWords(version, nameOf) ?? peopleWords(version, nameOf)}`,
    })),
  ];
}
