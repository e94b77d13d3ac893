import { OutboxPage } from '../../features/outbox/outbox-page.tsx';

export function OutboxRoute() {
  return <OutboxPage />;
}
