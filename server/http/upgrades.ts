import { refuseUpgrade, type UpgradeListener } from './gate.ts';

/** Gives each request for a WebSocket to the part whose path it has. Where it comes from is the part's to check. */
export function routeUpgrades(parts: Readonly<Record<string, UpgradeListener>>): UpgradeListener {
  return (request, socket, head) => {
    const part = Object.entries(parts).find(([prefix]) => request.url?.startsWith(prefix))?.[1];
    if (part) part(request, socket, head);
    else refuseUpgrade(socket, '404 Not Found');
  };
}
