import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { parseActivitySearch } from '../features/activity/activity-search.ts';
import { parseReviewSearch } from '../features/review/review-search.ts';
import { parseListSearch } from '../features/ticket-list/list-search.ts';
import type { LastProject } from './last-project.ts';
import { HomeRoute } from './routes/home.tsx';
import { ImportRoute } from './routes/import.tsx';
import { LabRoute } from './routes/lab.tsx';
import { NotFoundRoute } from './routes/not-found.tsx';
import { NoticesRoute } from './routes/notices.tsx';
import { OutboxRoute } from './routes/outbox.tsx';
import { ProjectActivityRoute } from './routes/project-activity.tsx';
import { ProjectListRoute } from './routes/project-list.tsx';
import { ProjectSettingsRoute } from './routes/project-settings.tsx';
import { ProjectTrashRoute } from './routes/project-trash.tsx';
import { ReviewRoute } from './routes/review.tsx';
import { ScreenFailed } from './routes/screen-failed.tsx';
import { TicketRoute } from './routes/ticket.tsx';
import { NumberedTicketRoute } from './routes/ticket-by-number.tsx';
import { Shell } from './shell.tsx';

export interface RouterDeps {
  readonly lastProject: LastProject;
}

const root = createRootRouteWithContext<RouterDeps>()({
  component: Shell,
  notFoundComponent: NotFoundRoute,
  errorComponent: ScreenFailed,
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomeRoute });

const projectList = createRoute({
  getParentRoute: () => root,
  path: '/p/$key',
  validateSearch: parseListSearch,
  beforeLoad: ({ context, params }) => context.lastProject.write(params.key),
  component: ProjectListRoute,
});

const projectSettings = createRoute({
  getParentRoute: () => root,
  path: '/p/$key/settings',
  component: ProjectSettingsRoute,
});

const projectActivity = createRoute({
  getParentRoute: () => root,
  path: '/p/$key/activity',
  validateSearch: parseActivitySearch,
  component: ProjectActivityRoute,
});

const projectTrash = createRoute({
  getParentRoute: () => root,
  path: '/p/$key/trash',
  component: ProjectTrashRoute,
});

const numberedTicket = createRoute({
  getParentRoute: () => root,
  path: '/p/$key/$number',
  component: NumberedTicketRoute,
});

const ticket = createRoute({ getParentRoute: () => root, path: '/t/$id', component: TicketRoute });
const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: parseReviewSearch,
  component: ReviewRoute,
});
const notices = createRoute({ getParentRoute: () => root, path: '/notices', component: NoticesRoute });
const outbox = createRoute({ getParentRoute: () => root, path: '/outbox', component: OutboxRoute });
const lab = createRoute({ getParentRoute: () => root, path: '/lab', component: LabRoute });
const importTickets = createRoute({ getParentRoute: () => root, path: '/import', component: ImportRoute });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Whoever sees a route is signed in already.
  beforeLoad: () => {
    throw redirect({ to: '/' });
  },
});

const routeTree = root.addChildren([
  home,
  projectList,
  projectSettings,
  projectActivity,
  projectTrash,
  numberedTicket,
  ticket,
  review,
  notices,
  outbox,
  lab,
  importTickets,
  signIn,
]);

/** The addresses of the app. All data is on the device, so that no route waits for anything. */
export function createAppRouter(deps: RouterDeps) {
  return createRouter({ routeTree, context: deps });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
