import type { IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import { z } from 'zod';
import { type Actor, ROLES } from '../../shared/permissions/can.ts';
import { Problem } from '../http/problem.ts';

/** Who is asking, with the roles held at this moment (C18): every call reads them afresh. */
export interface Actors {
  /** The person behind a request's session cookie, or null without a valid session. */
  ofHeaders(headers: IncomingHttpHeaders): Promise<Actor | null>;
  /** A person already known by id, for example the one behind an open socket. */
  ofUser(userId: string): Promise<Actor>;
}

export interface ActorsDeps {
  readonly pool: pg.Pool;
  /** The account id behind a session cookie. */
  readonly userOf: (headers: IncomingHttpHeaders) => Promise<string | null>;
}

/** The actor of a request, or a 401 that says what to do. */
export async function requireActor(
  actors: Actors,
  request: { readonly headers: IncomingHttpHeaders },
): Promise<Actor> {
  const actor = await actors.ofHeaders(request.headers);
  if (actor) return actor;
  throw new Problem(401, 'signed_out', 'You are signed out. Sign in and try again.');
}

export function createActors({ pool, userOf }: ActorsDeps): Actors {
  async function ofUser(userId: string): Promise<Actor> {
    const { rows } = await pool.query(SELECT_ACTOR, [userId]);
    const person = actorRow.parse(rows[0] ?? { name: '', roles: {} });
    return { userId, name: person.name, roles: new Map(Object.entries(person.roles)) };
  }
  return {
    ofUser,
    async ofHeaders(headers) {
      const userId = await userOf(headers);
      return userId === null ? null : ofUser(userId);
    },
  };
}

const SELECT_ACTOR = `
  SELECT p.name, coalesce(jsonb_object_agg(m.project_id, m.role) FILTER (WHERE m.id IS NOT NULL), '{}') AS roles
  FROM profiles p LEFT JOIN members m ON m.user_id = p.id
  WHERE p.id = $1 GROUP BY p.id`;

const actorRow = z.object({ name: z.string(), roles: z.record(z.string(), z.enum(ROLES)) });
