import { useEffect, useState } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import { z } from 'zod';
import { personColour } from '../ui/person-colour.ts';

/** Somebody who has the description open; the server vouches for id and name. */
const person = z.object({ id: z.string(), name: z.string() });
export type Person = z.infer<typeof person>;

const presence = z.object({ user: person });

/** Who else has the description open now, by name; a person in two tabs or on two devices is there once. */
function othersHere(awareness: Awareness, ownId: string): Person[] {
  const people = new Map<string, Person>();
  for (const [clientId, state] of awareness.getStates()) {
    const parsed = presence.safeParse(state);
    if (!parsed.success || clientId === awareness.clientID || parsed.data.user.id === ownId) continue;
    people.set(parsed.data.user.id, parsed.data.user);
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** {@link othersHere}, live. */
export function useOthersHere(awareness: Awareness, ownId: string): Person[] {
  const [people, setPeople] = useState(() => othersHere(awareness, ownId));
  useEffect(() => {
    const update = () => setPeople((before) => keepIfSame(before, othersHere(awareness, ownId)));
    update();
    awareness.on('change', update);
    return () => awareness.off('change', update);
  }, [awareness, ownId]);
  return people;
}

/** Carets move all the time; who is here does not. */
const keepIfSame = (before: Person[], now: Person[]): Person[] =>
  JSON.stringify(before) === JSON.stringify(now) ? before : now;

/** The caret of another person: a line in their colour and their name. The colour is ours, not what they sent. */
export function renderCaret(user: Record<string, unknown>): HTMLElement {
  const parsed = person.safeParse(user);
  const { id, name } = parsed.success ? parsed.data : { id: '', name: 'Somebody' };
  const caret = document.createElement('span');
  caret.className = 'description-caret';
  caret.style.setProperty('--person', personColour(id));
  const label = document.createElement('span');
  label.className = 'description-caret-name';
  label.textContent = name;
  caret.append(label);
  return caret;
}

/** The selection of another person, in their colour. */
export function renderSelection(user: Record<string, unknown>) {
  const parsed = person.safeParse(user);
  const colour = personColour(parsed.success ? parsed.data.id : '');
  return { class: 'description-selection', style: `--person: ${colour}` };
}
