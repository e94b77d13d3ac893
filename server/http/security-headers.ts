import type { FastifyInstance } from 'fastify';

/**
 * What the browser may do on our pages: run our scripts and the database's WebAssembly, talk to this server (and
 * an external sync service), show images from anywhere safe (imported tickets link to them), and nothing else.
 */
export function addSecurityHeaders(
  app: FastifyInstance,
  { publicUrl, powersyncUrl }: { publicUrl: string | null; powersyncUrl: string | null },
): void {
  const headers: Record<string, string> = {
    'content-security-policy': contentSecurityPolicy(powersyncUrl),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  };
  if (publicUrl?.startsWith('https:')) headers['strict-transport-security'] = 'max-age=31536000';
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(headers);
  });
}

function contentSecurityPolicy(powersyncUrl: string | null): string {
  const sync = powersyncUrl ? ` ${new URL(powersyncUrl).origin}` : '';
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    // Mantine and ProseMirror write style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "font-src 'self' data:",
    // 'self' covers WebSockets in today's browsers.
    `connect-src 'self'${sync}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
