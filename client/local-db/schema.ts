import { column, Schema, Table, type TableOptions } from '@powersync/common';

/**
 * What the upload queue says of an edit: the value its author saw, only of the columns changed (C4), and when and
 * how the edit was made. An update that changes nothing is no edit.
 */
const WRITABLE = {
  trackPrevious: { onlyWhenChanged: true },
  trackMetadata: true,
  ignoreEmptyUpdates: true,
} satisfies TableOptions;

/** Every synced table mirrors a stream of `shared/protocol/sync-config.yaml`; a test compares the two. */
const synced = {
  projects: new Table({ key: column.text, name: column.text, created_at: column.text }),
  members: new Table(
    { project_id: column.text, user_id: column.text, role: column.text, created_at: column.text },
    { indexes: { by_project: ['project_id'] } },
  ),
  profiles: new Table({ name: column.text }),
  tickets: new Table(
    {
      project_id: column.text,
      number: column.integer,
      title: column.text,
      status: column.text,
      priority: column.text,
      assignee_id: column.text,
      due_on: column.text,
      estimate: column.real,
      rank: column.text,
      revision: column.integer,
      description_text: column.text,
      created_by: column.text,
      created_at: column.text,
      updated_at: column.text,
      deleted_at: column.text,
    },
    { ...WRITABLE, indexes: ticketIndexes() },
  ),
  labels: new Table(
    { project_id: column.text, name: column.text, color: column.text },
    { ...WRITABLE, indexes: { by_project: ['project_id'] } },
  ),
  ticket_labels: new Table(
    { project_id: column.text, ticket_id: column.text, label_id: column.text },
    { ...WRITABLE, indexes: { by_ticket: ['ticket_id'], by_label: ['label_id'] } },
  ),
  comments: new Table(
    {
      project_id: column.text,
      ticket_id: column.text,
      author_id: column.text,
      body: column.text,
      created_at: column.text,
      updated_at: column.text,
    },
    { ...WRITABLE, indexes: { by_ticket: ['ticket_id', 'created_at'] } },
  ),
  activity: new Table(
    {
      project_id: column.text,
      ticket_id: column.text,
      subject: column.text,
      subject_id: column.text,
      action: column.text,
      before: column.text,
      after: column.text,
      actor_id: column.text,
      device_id: column.text,
      op_id: column.integer,
      outcome: column.text,
      rule: column.text,
      overwrote_id: column.text,
      made_at: column.text,
      offline_since: column.text,
      created_at: column.text,
    },
    {
      indexes: {
        by_ticket: ['ticket_id', 'created_at'],
        // With what the feed's filters ask for, so that they read the index alone.
        by_project: ['project_id', 'created_at', 'actor_id', 'subject'],
      },
    },
  ),
  conflicts: new Table(
    {
      project_id: column.text,
      ticket_id: column.text,
      kind: column.text,
      field: column.text,
      base: column.text,
      current: column.text,
      proposed: column.text,
      author_id: column.text,
      device_id: column.text,
      current_author_id: column.text,
      state: column.text,
      resolution: column.text,
      resolved_seeing: column.text,
      resolved_by: column.text,
      resolved_at: column.text,
      made_at: column.text,
      offline_since: column.text,
      opened_at: column.text,
    },
    { ...WRITABLE, indexes: { by_ticket: ['ticket_id'], by_state: ['state', 'opened_at'] } },
  ),
  notices: new Table(
    {
      user_id: column.text,
      project_id: column.text,
      ticket_id: column.text,
      kind: column.text,
      detail: column.text,
      created_at: column.text,
      read_at: column.text,
    },
    { ...WRITABLE, indexes: { by_time: ['created_at'] } },
  ),
  field_policies: new Table({ project_id: column.text, field: column.text, policy: column.text }),
  descriptions: new Table({
    project_id: column.text,
    schema_version: column.integer,
    /** Base64 of a merged Yjs update. */
    snapshot: column.text,
    updated_at: column.text,
  }),
  description_reviews: new Table(
    {
      project_id: column.text,
      ticket_id: column.text,
      author_id: column.text,
      their_author_ids: column.text,
      blocks: column.text,
      state: column.text,
      resolution: column.text,
      resolved_by: column.text,
      resolved_at: column.text,
      opened_at: column.text,
    },
    { ...WRITABLE, indexes: { by_ticket: ['ticket_id'], by_state: ['state', 'opened_at'] } },
  ),
};

/** What only this device knows. Never uploaded. */
const deviceOnly = {
  /** Ids of edits that are in this database, while another page may still find them noted: see `unwritten.ts`. */
  written_edits: new Table({}, { localOnly: true }),
  /** One row: how far the upload queue has been handed to the network; see `upload/upload-mark.ts`. */
  upload_mark: new Table({ sent_to: column.integer, discards: column.integer }, { localOnly: true }),
  /** The answers this device's ops were given, with the op's content: see `upload/answers.ts` (C15). */
  outbox: new Table(
    {
      op_id: column.integer,
      /** The client transaction it was made in; its ops stand or fall together (C16). */
      tx_id: column.integer,
      op: column.text,
      table_name: column.text,
      row_id: column.text,
      /** JSON of the columns the op named, of what they were before, and of what the device said of the moment. */
      data: column.text,
      old: column.text,
      metadata: column.text,
      outcome: column.text,
      reason: column.text,
      conflict_id: column.text,
      answered_at: column.text,
    },
    { localOnly: true, indexes: { by_time: ['answered_at'] } },
  ),
};

export const SYNCED_TABLES = Object.keys(synced);

export const AppSchema = new Schema({ ...synced, ...deviceOnly });

/**
 * The orders the lists offer. With `deleted_at` in them, counting and walking to a position read the index alone:
 * 100,000 tickets in milliseconds.
 */
function ticketIndexes() {
  return {
    by_number: ['project_id', 'number'],
    by_updated: ['project_id', 'deleted_at', 'updated_at'],
    by_status: ['project_id', 'deleted_at', 'status', 'updated_at'],
    by_assignee: ['assignee_id'],
  };
}
