import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useDescriptions } from '../../description/context.tsx';
import { useLocalData } from '../../local-db/context.ts';
import { readWaitingOps } from '../../local-db/outbox/entries.ts';
import { readMarkdown } from './description-markdown.ts';
import { exportFile } from './export-file.ts';
import classes from './outbox.module.css';
import { useNameOf } from './use-names.ts';

/** Saves everything that is on this device only as a file that people and programs can read. */
export function ExportButton() {
  const { db } = useLocalData();
  const descriptions = useDescriptions();
  const nameOf = useNameOf();
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    try {
      const tickets = descriptions.sync.waiting.get().map(({ ticketId }) => ticketId);
      const texts = await Promise.all(
        tickets.map(async (ticketId) => ({ ticketId, markdown: await readMarkdown(descriptions, ticketId) })),
      );
      const at = new Date();
      download(
        `rejoin-not-sent-${at.toISOString().slice(0, 10)}.md`,
        exportFile({ ops: await readWaitingOps(db), descriptions: texts, at, nameOf }),
      );
      setProblem(undefined);
    } catch (error) {
      setProblem(`The file could not be made (${String(error)}). Open the tickets and copy the texts there.`);
    }
  };
  return (
    <span>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconDownload size={15} aria-hidden />}
        onClick={() => void save()}
      >
        Export them
      </Button>
      {problem && (
        <span className={classes.problem} role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
