import type { DemoTicket } from './demo-ticket.ts';

/** A team that builds Hutline, an app for booking beds in mountain huts: maps, weather, working without a network. */
export const TRAIL_TICKETS: readonly DemoTicket[] = [
  {
    id: 'demo-offline-map',
    title: 'Trail map stays blank after the phone loses signal',
    status: 'in_progress',
    priority: 'urgent',
    author: 'Priya Raman',
    assignee: 'Jonas Lind',
    labels: ['bug', 'offline', 'mobile'],
    estimate: 5,
    createdDaysAgo: 9,
    dueInDays: 3,
    body: `Open a trail, walk out of coverage, lock the phone, unlock it: the map is white until the signal is back.

Three hikers reported it from the Sella pass last weekend.

## What we know

- The tiles **are** on the phone; the storage screen counts 84 MB.
- The style document is fetched again on every unlock, and nothing is drawn before it arrives.

\`\`\`ts
const style = await fetch(styleUrl); // waits for the network although a copy is stored
\`\`\`

## To do

- [x] Reproduce in the test valley
- [x] Keep the style document beside the tiles
- [ ] Draw from the stored copy first, refresh behind it
- [ ] Try it on the oldest phone we support`,
    comments: [
      {
        author: 'Jonas Lind',
        daysAgo: 6,
        body: 'Reproduced with airplane mode. The stored copy is fine; we only ask for it too late.',
      },
      {
        author: 'Mira Okafor',
        daysAgo: 2,
        body: 'This one goes into the June release, everything else can wait.',
      },
    ],
  },
  {
    id: 'demo-weather-card',
    title: 'Weather card: show when the forecast was fetched',
    status: 'todo',
    priority: 'medium',
    author: 'Mira Okafor',
    assignee: 'Priya Raman',
    labels: ['feature', 'offline'],
    estimate: 2,
    createdDaysAgo: 14,
    dueInDays: 12,
    body: `Offline, the card shows yesterday's forecast as if it were new. People plan a ridge walk by it.

Say how old it is, and grey it out after **six hours**:

| Age | Words | Look |
| --- | --- | --- |
| under 1 h | Updated just now | normal |
| 1 to 6 h | Updated 3 h ago | normal |
| over 6 h | From yesterday, 18:00 | grey, with a warning sign |

> "I would rather have no forecast than an old one that looks fresh." — a hut warden`,
  },
  {
    id: 'demo-elevation',
    title: 'Elevation profile jumps between two trails that share a path',
    status: 'in_review',
    priority: 'high',
    author: 'Jonas Lind',
    assignee: 'Priya Raman',
    labels: ['bug'],
    estimate: 3,
    createdDaysAgo: 11,
    body: `Where two trails run on the same path, the profile takes points from both and draws a saw.

1. Open *Lake loop*
2. Drag along the profile to kilometre 7
3. The marker jumps between 1,820 m and 2,140 m

The nearest point must be searched among the points of **this** trail only.`,
    comments: [
      { author: 'Priya Raman', daysAgo: 1, body: 'Fix is up for review, with the lake loop as a test case.' },
    ],
  },
  {
    id: 'demo-gpx',
    title: 'Import a route from a GPX file',
    status: 'backlog',
    priority: 'low',
    author: 'Tomás Vidal',
    labels: ['feature', 'customer'],
    estimate: 8,
    createdDaysAgo: 40,
    body: `Asked for by two alpine clubs. Their guides draw routes at home and want them in the app.

- [ ] Read tracks and way points
- [ ] Show what could not be read, *with the line*
- [ ] Offer the huts within 500 m of the route`,
    comments: [
      { author: 'Mira Okafor', daysAgo: 33, body: 'Good idea. After the payment work, not before.' },
    ],
  },
  {
    id: 'demo-battery',
    title: 'Recording a hike empties the battery in five hours',
    status: 'todo',
    priority: 'high',
    author: 'Tomás Vidal',
    assignee: 'Jonas Lind',
    labels: ['bug', 'performance', 'mobile'],
    estimate: 5,
    createdDaysAgo: 6,
    dueInDays: 20,
    body: `Measured on a two-year-old phone, screen off:

| Position every | Battery after 5 h |
| --- | --- |
| 1 s (today) | 4 % |
| 5 s | 41 % |
| 15 s | 58 % |

Five seconds is enough on foot. Above 15 km/h, go back to one.`,
  },
  {
    id: 'demo-contrast',
    title: 'Red and green trails look the same to some people',
    status: 'done',
    priority: 'medium',
    author: 'Priya Raman',
    assignee: 'Priya Raman',
    labels: ['accessibility', 'design'],
    estimate: 2,
    createdDaysAgo: 31,
    body: `About one man in twelve cannot tell our easy trails from the hard ones.

Keep the colours, add a pattern: easy is a full line, medium dashed, hard dotted. The legend says it in words.`,
    comments: [
      {
        author: 'Tomás Vidal',
        daysAgo: 22,
        body: 'Checked with my brother, who is one of the twelve. Works for him.',
      },
    ],
  },
  {
    id: 'demo-startup',
    title: 'Cold start takes four seconds with many stored regions',
    status: 'in_progress',
    priority: 'medium',
    author: 'Jonas Lind',
    assignee: 'Jonas Lind',
    labels: ['performance'],
    estimate: 3,
    createdDaysAgo: 17,
    dueInDays: 8,
    body: `We read the index of every stored region before the first screen. Ten regions: 4.1 s. None: 0.6 s.

Read the region the person was last in, the others when idle:

\`\`\`ts
await openRegion(lastRegion);
whenIdle(() => others.forEach(openRegion));
\`\`\``,
  },
];
