import type { IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import { z } from 'zod';
import { type Actor, can } from '../../shared/permissions/can.ts';
import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { BREAK_PARAMETER, SCHEMA_PARAMETER } from '../../shared/protocol/collab.ts';
import type { Actors } from '../auth/actors.ts';
import { readTicket } from './store.ts';

export interface AdmissionDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
}

export type Admission =
  | {
      readonly kind: 'admitted';
      readonly actor: Actor;
      readonly projectId: string;
      readonly canEdit: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: CloseReason };

const BASE = 'ws://rejoin';
/** Rejoin's editors all say what they know; a program that does not works on the Yjs document itself and loses nothing. */
const NEWEST = Number.MAX_SAFE_INTEGER;
/**
 * A break no longer than this is live typing (D11). A server's restart or a flaky link fits in with the client's
 * first attempts to come back (after 0.2, 0.4, … 3.2 s); and each had the other's words and caret before them a
 * moment ago, so that nobody's sentence turns into something they could not expect.
 */
const LIVE_BREAK_MS = 10_000;
const breakLength = z.string().regex(/^\d+$/).transform(Number);

/** What a socket's address asks for. A ticket id that is none is treated like one that does not exist. */
export interface SocketAddress {
  readonly ticketId: string | null;
  readonly schemaVersion: number;
  /** The client comes back so soon that what it brings counts as typed live. */
  readonly isLive: boolean;
}

export function readAddress(url: string): SocketAddress {
  const parsed = URL.canParse(url, BASE) ? new URL(url, BASE) : null;
  const ticketId = z.uuid().safeParse(parsed?.pathname.split('/')[2]?.toLowerCase());
  const asked = parsed?.searchParams.get(SCHEMA_PARAMETER) ?? null;
  const broken = breakLength.safeParse(parsed?.searchParams.get(BREAK_PARAMETER));
  const version = z.coerce.number().int().positive().safeParse(asked);
  return {
    ticketId: ticketId.success ? ticketId.data : null,
    schemaVersion: asked === null ? NEWEST : version.success ? version.data : 1,
    isLive: broken.success && broken.data <= LIVE_BREAK_MS,
  };
}

/** Judges one who knocks, by the session cookie. */
export async function admit(
  deps: AdmissionDeps,
  headers: IncomingHttpHeaders,
  ticketId: string | null,
): Promise<Admission> {
  // Together, because whoever opens a description waits for both.
  const [actor, ticket] = await Promise.all([deps.actors.ofHeaders(headers), ticketOf(deps, ticketId)]);
  return actor ? admitActor(actor, ticket) : refused('signedOut');
}

/** Judges somebody again who is inside, with the roles held now (C18). */
export async function readmit(deps: AdmissionDeps, userId: string, ticketId: string): Promise<Admission> {
  const [actor, ticket] = await Promise.all([deps.actors.ofUser(userId), ticketOf(deps, ticketId)]);
  return admitActor(actor, ticket);
}

type Ticket = Awaited<ReturnType<typeof readTicket>>;

const ticketOf = async ({ pool }: AdmissionDeps, ticketId: string | null): Promise<Ticket> =>
  ticketId === null ? null : readTicket(pool, ticketId);

function admitActor(actor: Actor, ticket: Ticket): Admission {
  // A client whose ticket was created offline waits for its upload before it connects.
  if (!ticket) return refused('gone');
  const subject = { projectId: ticket.projectId };
  if (!can(actor, 'description.read', subject).allowed) return refused('noAccess');
  if (ticket.isInTrash) return refused('gone');
  const canEdit = can(actor, 'description.edit', subject).allowed;
  return { kind: 'admitted', actor, projectId: ticket.projectId, canEdit };
}

const refused = (reason: CloseReason): Admission => ({ kind: 'refused', reason });
