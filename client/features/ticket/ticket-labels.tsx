import { useEdits } from '../../local-db/context.ts';
import { useLabelIdsByTicket, useLabels } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { labelColour } from '../../ui/label-colour.ts';
import { LabelPicker } from '../../ui/label-picker.tsx';

interface TicketLabelsProps {
  ticket: Ticket;
  readOnlyBecause?: string;
  onProblem: (reason: string | undefined) => void;
}

/** A ticket's labels: add, remove, make a new one. */
export function TicketLabels({ ticket, readOnlyBecause, onProblem }: TicketLabelsProps) {
  const edits = useEdits();
  const labels = useLabels(ticket.project_id).rows.map(({ id, name, color }) => ({
    id,
    name,
    colour: color,
  }));
  const chosenIds = useLabelIdsByTicket([ticket.id]).get(ticket.id) ?? [];
  const report = async (edit: Promise<EditResult>) => {
    const result = await edit;
    onProblem(result.ok ? undefined : result.reason);
    return result.ok;
  };
  const create = async (name: string) => {
    const label = await edits.createLabel(ticket.project_id, name, labelColour(name));
    if (await report(Promise.resolve(label))) await report(edits.addLabel(ticket, label.id));
  };
  return (
    <LabelPicker
      labels={labels}
      chosen={labels.filter((label) => chosenIds.includes(label.id))}
      onAdd={(labelId) => void report(edits.addLabel(ticket, labelId))}
      onRemove={(labelId) => void report(edits.removeLabel(ticket.id, labelId))}
      onCreate={(name) => void create(name)}
      readOnlyBecause={readOnlyBecause}
    />
  );
}
