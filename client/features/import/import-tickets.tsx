import { Button, FileInput, NativeSelect, Progress } from '@mantine/core';
import { IconFileText, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportProgress } from '../../../shared/protocol/import.ts';
import { useProjects } from '../../local-db/hooks.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { OnlineOnly } from '../../ui/online-only.tsx';
import classes from './import.module.css';
import { ImportReportView } from './import-report.tsx';
import { countLines, type ImportResult, sendFile } from './send-file.ts';

type Run =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly total: number; readonly progress: ImportProgress }
  | ImportResult;

const NOTHING_YET: ImportProgress = { lines: 0, imported: 0, skipped: 0, refused: 0 };

/** Brings tickets from a JSON Lines file into a project, and says which lines it could not take. */
export function ImportTickets({ onNewProject }: { onNewProject: () => void }) {
  const { projects, refusalFor } = useTargets();
  const [chosen, setChosen] = useState<string>();
  const [file, setFile] = useState<File | null>(null);
  const [run, setRun] = useState<Run>({ kind: 'idle' });
  const target = projects.find((project) => project.id === chosen) ?? projects[0];
  const refusal = target && refusalFor(target.id);
  const start = async (projectId: string, from: File) => {
    const total = await countLines(from);
    setRun({ kind: 'running', total, progress: NOTHING_YET });
    setRun(await sendFile(projectId, from, (progress) => setRun({ kind: 'running', total, progress })));
  };
  const running = run.kind === 'running';
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Import tickets</h1>
      <p className={classes.quiet}>
        A file in JSON Lines: one ticket a line with title, body in Markdown, labels, dates and comments.
        Importing a file twice brings nothing twice.
      </p>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (target && file) void start(target.id, file);
        }}
      >
        <div className={classes.projectRow}>
          <NativeSelect
            label="Into project"
            className={classes.grow}
            disabled={running || projects.length === 0}
            data={projects.map(({ id, name, key }) => ({ value: id, label: `${name} (${key})` }))}
            value={target?.id ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={15} aria-hidden />}
            disabled={running}
            onClick={onNewProject}
          >
            New project
          </Button>
        </div>
        <FileInput
          label="File"
          placeholder="Choose a .jsonl file"
          accept=".jsonl,.ndjson,.json,application/x-ndjson"
          leftSection={<IconFileText size={16} aria-hidden />}
          disabled={running}
          clearable
          value={file}
          onChange={setFile}
        />
        <OnlineOnly reason={refusal}>
          <Button
            type="submit"
            size="sm"
            className={classes.start}
            loading={running}
            disabled={!file || !target}
          >
            Import
          </Button>
        </OnlineOnly>
      </form>
      <div aria-live="polite">
        {run.kind === 'running' && <ProgressView total={run.total} progress={run.progress} />}
        {run.kind === 'failed' && (
          <p className={classes.problem} role="alert">
            {run.reason}
          </p>
        )}
        {run.kind === 'report' && <ImportReportView report={run.report} projectKey={target?.key} />}
      </div>
    </div>
  );
}

/** The projects to import into: where it is allowed first, and for each the reason if it is not now. */
function useTargets() {
  const { rows } = useProjects();
  const permit = usePermit();
  const offline = useOfflineReason();
  const verdict = (projectId: string) => permit('project.import', { projectId });
  const projects = [...rows].sort((a, b) => Number(verdict(b.id).allowed) - Number(verdict(a.id).allowed));
  return { projects, refusalFor: (projectId: string) => refusalOf(verdict(projectId)) ?? offline };
}

function ProgressView({ total, progress }: { total: number; progress: ImportProgress }) {
  const share = total === 0 ? 0 : Math.min(100, (progress.lines / total) * 100);
  return (
    <div className={classes.progress}>
      <Progress value={share} aria-label="Import progress" />
      <span className={classes.quiet}>
        {progress.lines} of {total} lines · {progress.imported} imported
        {progress.skipped > 0 && ` · ${progress.skipped} here already`}
        {progress.refused > 0 && ` · ${progress.refused} refused`}
      </span>
    </div>
  );
}
