import type { IncomingMessage } from 'node:http';
import { refuseUpgrade, type UpgradeListener } from './gate.ts';

/** Gives each request for a WebSocket to the part whose path it has; refuses pages of other sites first. */
export function routeUpgrades(
  parts: Readonly<Record<string, UpgradeListener>>,
  originAllowed: (request: IncomingMessage) => boolean,
): UpgradeListener {
  return (request, socket, head) => {
    const part = Object.entries(parts).find(([prefix]) => request.url?.startsWith(prefix))?.[1];
    if (!part) refuseUpgrade(socket, '404 Not Found');
    else if (!originAllowed(request)) refuseUpgrade(socket, '403 Forbidden');
    else part(request, socket, head);
  };
}
