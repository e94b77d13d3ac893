import type { Role } from '../../shared/permissions/can.ts';
import type { OpOutcome } from '../../shared/protocol/upload.ts';
import type { FieldName, Policy } from '../../shared/tickets/fields.ts';
import type { DescriptionReviewRow } from '../history/rows.ts';
import type { ConflictRow, NewNotice, NoticeRow } from '../review/rows.ts';
import type { ActivityRow, CommentRow, LabelRow, TicketLabelRow, TicketRow } from '../tickets/rows.ts';

/**
 * Where uploads read and write. Everything is decided between `load` and `write` by pure functions over values;
 * an implementation only has to keep three promises: a transaction is all or nothing, two uploads of one device run
 * one after the other, and what `load` returned does not change under it before the transaction ends.
 */
export interface UploadStore {
  /** Runs `work` in one transaction. Rejects with {@link PassingFault} when trying again may help. */
  transaction<T>(work: (session: UploadSession) => Promise<T>): Promise<T>;
}

export interface UploadSession {
  /** Waits until no other upload of this device runs, then says which of these ops were answered before (C14). */
  answered(device: DeviceKey, opIds: readonly number[]): Promise<ReadonlyMap<number, OpOutcome>>;
  /** Everything the ops may touch, locked against other uploads. */
  load(needs: Needs): Promise<Snapshot>;
  /** Writes all of it, or nothing of it and says why. */
  write(changes: Changes): Promise<Written>;
  /** What {@link write} would say, writing nothing. */
  wouldWrite(changes: Changes): Promise<Written>;
  /** Records the answers (C14). */
  record(device: DeviceKey, outcomes: readonly OpOutcome[]): Promise<void>;
}

export type Written = { readonly ok: true } | { readonly ok: false; readonly cause: unknown };

/** A fault that passes by itself (a deadlock, a lost race, a lost connection): nothing was applied. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
}

/** Answers belong to a person's device: nobody can answer for another's. */
export interface DeviceKey {
  readonly userId: string;
  readonly deviceId: string;
}

/** The rows that an upload's ops name; ids are valid UUIDs. */
export interface Needs {
  readonly userId: string;
  /** Projects that ops name themselves; those of the tickets are found with the tickets. */
  readonly projectIds: readonly string[];
  readonly ticketIds: readonly string[];
  readonly commentIds: readonly string[];
  readonly labelIds: readonly string[];
  /** Projects that get new labels, whose labels are therefore compared by name. */
  readonly labelProjectIds: readonly string[];
  readonly conflictIds: readonly string[];
  readonly noticeIds: readonly string[];
  readonly descriptionReviewIds: readonly string[];
  /** The fields whose present author may have to be named. */
  readonly fields: readonly FieldName[];
  /** Projects that may get new tickets, whose counters are therefore needed. */
  readonly numberedProjectIds: readonly string[];
}

export interface Snapshot {
  /** The roles the uploading person holds now (C18). */
  readonly roles: ReadonlyMap<string, Role>;
  /** By project, everybody with a role in it. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of people by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly policies: ReadonlyMap<string, Policy>;
  /** Who wrote a field's present value, by {@link fieldKey}. */
  readonly valueAuthors: ReadonlyMap<string, string>;
  readonly lastNumbers: ReadonlyMap<string, number>;
  readonly tickets: readonly TicketRow[];
  readonly comments: readonly CommentRow[];
  readonly labels: readonly LabelRow[];
  readonly ticketLabels: readonly TicketLabelRow[];
  readonly conflicts: readonly ConflictRow[];
  readonly notices: readonly NoticeRow[];
  readonly descriptionReviews: readonly DescriptionReviewRow[];
}

export interface RowChanges<Row> {
  readonly inserted: readonly Row[];
  readonly updated: readonly Row[];
  readonly deleted: readonly string[];
}

/** The net effect of an upload. */
export interface Changes {
  readonly tickets: RowChanges<TicketRow>;
  readonly comments: RowChanges<CommentRow>;
  readonly labels: RowChanges<LabelRow>;
  readonly ticketLabels: RowChanges<TicketLabelRow>;
  readonly conflicts: RowChanges<ConflictRow>;
  readonly notices: RowChanges<NoticeRow>;
  readonly descriptionReviews: RowChanges<DescriptionReviewRow>;
  readonly newNotices: readonly NewNotice[];
  readonly activity: readonly ActivityRow[];
  readonly lastNumbers: ReadonlyMap<string, number>;
}

/** Names a field of a ticket, or of a project's policies. */
export const fieldKey = (ownerId: string, field: FieldName): string => `${ownerId}/${field}`;
