import type { DemoTicket } from './demo-ticket.ts';

/** The other half of Hutline's work: beds, payments, wardens, and what is written about them. */
export const BOOKING_TICKETS: readonly DemoTicket[] = [
  {
    id: 'demo-double-booking',
    title: 'Two groups were given the same bunk room',
    status: 'in_review',
    priority: 'urgent',
    author: 'Mira Okafor',
    assignee: 'Jonas Lind',
    labels: ['bug', 'customer'],
    estimate: 5,
    createdDaysAgo: 4,
    dueInDays: 1,
    body: `On Saturday both the *Bergfreunde* and a school class stood before room 3. The warden found a way.

## How it happened

1. The warden took the phone booking **offline** on the tablet
2. The class booked on the web an hour later
3. The tablet came back and both were accepted

## What it should do

- [x] The second booking of a room is never accepted silently
- [ ] The warden sees both and decides
- [ ] Both groups hear about it the same day`,
    comments: [
      {
        author: 'Tomás Vidal',
        daysAgo: 3,
        body: 'I called both groups. They took it with humour, this time.',
      },
      {
        author: 'Jonas Lind',
        daysAgo: 1,
        body: 'The check now runs when the tablet comes back, not only when it books. Please look at the words on the screen.',
      },
    ],
  },
  {
    id: 'demo-refund',
    title: 'Refund for a closed hut arrives twice',
    status: 'todo',
    priority: 'high',
    author: 'Tomás Vidal',
    assignee: 'Priya Raman',
    labels: ['bug', 'payments'],
    estimate: 3,
    createdDaysAgo: 3,
    dueInDays: 5,
    body: `When a hut closes, we refund every booking. If the payment service answers late, the job pays twice.

Eleven guests got twice their money in May.

Send the booking's id with the refund, so that the second request changes nothing.`,
  },
  {
    id: 'demo-receipt',
    title: 'Receipt in the language of the guest',
    status: 'backlog',
    priority: 'low',
    author: 'Mira Okafor',
    labels: ['feature', 'payments'],
    createdDaysAgo: 52,
    body: `Receipts are in English only. Most guests are from Italy, Austria and Slovenia.

- Italian
- German
- Slovenian`,
  },
  {
    id: 'demo-warden-print',
    title: 'Print tonight’s guest list on one page',
    status: 'done',
    priority: 'medium',
    author: 'Priya Raman',
    assignee: 'Jonas Lind',
    labels: ['feature', 'customer', 'design'],
    estimate: 2,
    createdDaysAgo: 26,
    body: `Wardens pin the list to the kitchen door. It must fit on **one** page of A4, names first, with who eats no meat.`,
    comments: [
      { author: 'Mira Okafor', daysAgo: 19, body: 'Printed it for 64 guests: still one page. Lovely.' },
    ],
  },
  {
    id: 'demo-help',
    title: 'Write the help page about booking without a network',
    status: 'in_progress',
    priority: 'low',
    author: 'Mira Okafor',
    assignee: 'Priya Raman',
    labels: ['docs', 'offline'],
    estimate: 1,
    createdDaysAgo: 8,
    dueInDays: 15,
    body: `Wardens ask the same three questions:

1. What happens to a booking I take offline?
2. How do I see that it has arrived?
3. Who wins when somebody was faster?

Answer each in two sentences. No word of how it works inside.`,
  },
  {
    id: 'demo-sms',
    title: 'Confirm bookings by text message',
    status: 'cancelled',
    priority: 'none',
    author: 'Jonas Lind',
    labels: ['feature'],
    createdDaysAgo: 60,
    body: `Instead of e-mail, for people on the way.

**Cancelled:** a message costs more than we earn on a bed, and the app shows the confirmation offline anyway.`,
  },
  {
    id: 'demo-keyboard',
    title: 'The date picker cannot be used with the keyboard',
    status: 'todo',
    priority: 'medium',
    author: 'Tomás Vidal',
    labels: ['bug', 'accessibility'],
    estimate: 2,
    createdDaysAgo: 5,
    body: `The arrow keys move the page, not the day, and the focus is not visible.

- [ ] Arrow keys move by a day, page keys by a month
- [ ] \`Escape\` closes and puts the focus back
- [ ] A screen reader says the day of the week`,
  },
];
