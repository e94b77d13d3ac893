import type { DescriptionReviewRow } from '../../server/history/rows.ts';
import type { ConflictRow, NewNotice, NoticeRow } from '../../server/review/rows.ts';
import type {
  ActivityRow,
  CommentRow,
  LabelRow,
  TicketLabelRow,
  TicketRow,
} from '../../server/tickets/rows.ts';
import type { DeviceKey } from '../../server/upload/store.ts';
import type { Role } from '../../shared/permissions/can.ts';
import type { OpOutcome } from '../../shared/protocol/upload.ts';
import type { Policy } from '../../shared/tickets/fields.ts';

/** The tables of the server as values. Rows are never changed in place, so that a copied map is a snapshot. */
export interface MemoryTables {
  /** By project, who holds which role. */
  readonly members: Map<string, Map<string, Role>>;
  /** Names of people by id. */
  readonly profiles: Map<string, string>;
  /** By `fieldKey` of the project and the field. */
  readonly policies: Map<string, Policy>;
  readonly lastNumbers: Map<string, number>;
  readonly tickets: Map<string, TicketRow>;
  readonly comments: Map<string, CommentRow>;
  readonly labels: Map<string, LabelRow>;
  readonly ticketLabels: Map<string, TicketLabelRow>;
  readonly conflicts: Map<string, ConflictRow>;
  readonly notices: Map<string, NoticeRow & NewNotice>;
  readonly descriptionReviews: Map<string, DescriptionReviewRow>;
  readonly activity: ActivityRow[];
  /** Who wrote each field's present value, as the activity says; by `fieldKey`. */
  readonly valueAuthors: Map<string, string>;
  /** By {@link answerKey}. */
  readonly ledger: Map<string, OpOutcome>;
}

export const emptyTables = (): MemoryTables => ({
  members: new Map(),
  profiles: new Map(),
  policies: new Map(),
  lastNumbers: new Map(),
  tickets: new Map(),
  comments: new Map(),
  labels: new Map(),
  ticketLabels: new Map(),
  conflicts: new Map(),
  notices: new Map(),
  descriptionReviews: new Map(),
  activity: [],
  valueAuthors: new Map(),
  ledger: new Map(),
});

export const answerKey = ({ userId, deviceId }: DeviceKey, opId: number): string =>
  `${userId}/${deviceId}/${opId}`;
