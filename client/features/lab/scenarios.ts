import { fieldValueWords } from '../../ui/conflict-field-value.tsx';
import * as expect from './expectations.ts';
import type { Scenario } from './scenario.ts';
import { bothGoOffline, comesBack, edits, goesOffline, types } from './steps.ts';

/** Everything that can happen when edits meet, one story each, and a ticket to try things freely. */
export function createScenarios(today: Date): readonly Scenario[] {
  return [
    newTickets(),
    differentFields(),
    lastEditStands(),
    moreUrgentStands(),
    personDecides(dayAfter(today, 7), dayAfter(today, 14)),
    labelsAdd(),
    staleReopen(),
    editAgainstDelete(),
    descriptionApart(),
    free(),
  ];
}

function newTickets(): Scenario {
  const [here, there] = ['Order paint for the jetty', 'Call the rope maker'] as const;
  return {
    id: 'new-tickets',
    title: 'New tickets on both sides',
    strategy: 'Both are kept',
    promise:
      'Each device makes a ticket while offline. Both tickets will be on both devices, and the server gives each a number of its own.',
    shows: 'list',
    start: { fields: { title: 'Get the harbour ready for spring' } },
    steps: [
      bothGoOffline(),
      {
        on: 'laptop',
        words: `Your laptop makes the ticket “${here}”.`,
        run: ({ laptop }) => laptop.createTicket(here),
      },
      { on: 'phone', words: `Your phone makes “${there}”.`, run: ({ phone }) => phone.createTicket(there) },
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [expect.bothHaveTickets([here, there]), expect.numbersDiffer()],
  };
}

function differentFields(): Scenario {
  return {
    id: 'different-fields',
    title: 'Different fields',
    strategy: 'Merged field by field',
    promise:
      'One device changes the status, the other the priority of the same ticket. Both changes will stand: different fields never disturb each other.',
    shows: 'ticket',
    start: { fields: { title: 'Gate lamp is out' } },
    steps: [
      bothGoOffline(),
      edits('laptop', 'starts the work: In progress', { status: 'in_progress' }),
      edits('phone', 'sets the priority to High', { priority: 'high' }),
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothShow('status', 'in_progress'),
      expect.bothShow('priority', 'high'),
      expect.nothingIsAsked(),
    ],
  };
}

function lastEditStands(): Scenario {
  const [first, last] = ['Gate lamp at pier 3 is out', 'Replace the lamp at the north gate'] as const;
  return {
    id: 'last-edit',
    title: 'Same field: the last edit stands',
    strategy: 'Last edit stands',
    promise:
      'Both devices write another title. The one that arrives last will stand, and the other stays in the activity, from where it can be brought back.',
    shows: 'ticket',
    start: { fields: { title: 'Gate lamp is out' }, policies: { title: 'last-write-wins' } },
    steps: [
      bothGoOffline(),
      edits('laptop', `writes “${first}”`, { title: first }),
      edits('phone', `writes “${last}”`, { title: last }),
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothShow('title', last),
      expect.activityKeeps('title', first),
      expect.nothingIsAsked(),
    ],
  };
}

function moreUrgentStands(): Scenario {
  return {
    id: 'higher-wins',
    title: 'Same field: a rule decides',
    strategy: 'The more urgent stands',
    promise:
      'One device sets the priority to Urgent, the other to Low. Urgent will stand although Low arrives later: of two priorities chosen at once, the more urgent one is safer.',
    shows: 'ticket',
    start: { fields: { title: 'Water in the boat shed' }, policies: { priority: 'rule' } },
    steps: [
      bothGoOffline(),
      edits('laptop', 'sets the priority to Urgent', { priority: 'urgent' }),
      edits('phone', 'sets the priority to Low', { priority: 'low' }),
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothShow('priority', 'urgent'),
      expect.isTold('phone', 'kept'),
      expect.activityKeeps('priority', 'low'),
      expect.nothingIsAsked(),
    ],
  };
}

function personDecides(first: string, second: string): Scenario {
  const [firstWords, secondWords] = [inWords(first), inWords(second)];
  return {
    id: 'review',
    title: 'Same field: a person decides',
    strategy: 'You decide in Review',
    promise: `Both devices set another due date. No rule can know which is right: the first to arrive will stay for now, and both will wait side by side in Review until you choose.`,
    shows: 'ticket',
    start: { fields: { title: 'Inspect the crane' }, policies: { due_on: 'review' } },
    steps: [
      bothGoOffline(),
      edits('laptop', `sets the due date to ${firstWords}`, { due_on: first }),
      edits('phone', `sets it to ${secondWords}`, { due_on: second }),
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothShow('due_on', first),
      expect.bothAsk({ kind: 'field', field: 'due_on', current: first, proposed: second }),
      expect.isTold('phone', 'review'),
    ],
  };
}

function labelsAdd(): Scenario {
  return {
    id: 'labels',
    title: 'Same field: labels',
    strategy: 'Additions and removals of both',
    promise:
      'One device swaps a label for another, the other adds a third. All three changes will stand: labels are a set, not one value.',
    shows: 'ticket',
    start: { fields: { title: 'Ladder at berth 12 is loose' }, labels: ['question'] },
    steps: [
      bothGoOffline(),
      {
        on: 'laptop',
        words: 'Your laptop removes “question” and adds “safety”.',
        run: async ({ laptop }) => {
          await laptop.removeLabel('question');
          await laptop.addLabel('safety');
        },
      },
      { on: 'phone', words: 'Your phone adds “berths”.', run: ({ phone }) => phone.addLabel('berths') },
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [expect.bothHaveLabels(['berths', 'safety']), expect.nothingIsAsked()],
  };
}

function staleReopen(): Scenario {
  return {
    id: 'stale-reopen',
    title: 'A finished ticket, an older edit',
    strategy: 'Finished stays finished',
    promise:
      'Your laptop finishes a ticket while your phone, offline, still sees it unfinished and moves it on. Done will stand: finished tickets are not reopened by older edits.',
    shows: 'ticket',
    start: { fields: { title: 'Fix the harbour radio' }, policies: { status: 'rule' } },
    steps: [
      goesOffline('phone'),
      edits('laptop', 'sets the status to Done', { status: 'done' }),
      edits('phone', 'sets it to In progress', { status: 'in_progress' }),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothShow('status', 'done'),
      expect.isTold('phone', 'kept'),
      expect.activityKeeps('status', 'in_progress'),
      expect.nothingIsAsked(),
    ],
  };
}

function editAgainstDelete(): Scenario {
  return {
    id: 'edit-against-delete',
    title: 'An edit against a deletion',
    strategy: 'You decide in Review',
    promise:
      'Your laptop deletes a ticket while your phone, offline, still works on it. The ticket will stay in the trash, and the edit will not get lost with it: Review asks whether to bring the ticket back.',
    shows: 'ticket',
    start: { fields: { title: 'Sell the old dinghy' } },
    steps: [
      goesOffline('phone'),
      {
        on: 'laptop',
        words: 'Your laptop moves the ticket to the trash.',
        run: ({ laptop }) => laptop.moveToTrash(),
      },
      edits('phone', 'sets the priority to High', { priority: 'high' }),
      comesBack('phone'),
    ],
    expectations: [
      expect.bothAreInTheTrash(),
      expect.bothAsk({ kind: 'deleted', field: 'priority', current: 'none', proposed: 'high' }),
      expect.isTold('phone', 'review'),
    ],
  };
}

function descriptionApart(): Scenario {
  const [before, after] = ['In summer: ', ' Bring the spare key.'] as const;
  return {
    id: 'description',
    title: 'A description on both sides',
    strategy: 'Merged letter by letter',
    promise:
      'Both devices type into the same sentence while apart. Both texts will be there, once each, and both devices will show the same.',
    shows: 'ticket',
    start: { fields: { title: 'Opening hours of the gate' }, description: 'The gate opens at eight.' },
    steps: [
      bothGoOffline(),
      types('laptop', 'start', before),
      types('phone', 'end', after),
      comesBack('laptop'),
      comesBack('phone'),
    ],
    expectations: [expect.bothHold([before.trim(), after.trim()]), expect.descriptionsAreEqual()],
  };
}

function free(): Scenario {
  return {
    id: 'free',
    title: 'Play freely',
    strategy: 'Yours to try',
    promise:
      'A fresh ticket on both devices, and nothing happens by itself. Take one or both offline, change what you like on each, and let them meet again.',
    shows: 'ticket',
    start: { fields: { title: 'Try anything here' }, description: 'Write here on both devices.' },
    steps: [],
    expectations: [],
  };
}

/** `YYYY-MM-DD`. */
function dayAfter(today: Date, days: number): string {
  const day = new Date(today);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

const inWords = (day: string): string => fieldValueWords({ field: 'due_on', value: day }, () => '');
