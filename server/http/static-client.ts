import compress from '@fastify/compress';
import serveStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Serves the built client. Every address of the app without a file behind it is the app's first page. */
export function clientRoutes(directory: string): FastifyPluginAsync {
  return async (app) => {
    await app.register(compress);
    await app.register(serveStatic, {
      root: directory,
      // A route for each file, so that every other address can be the app's first page.
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) => reply.header('cache-control', cachingOf(path)),
    });
    app.get('/*', (request, reply) => {
      if (isPage(request)) return reply.sendFile('index.html');
      throw notFound(request);
    });
  };
}

export const notFound = (request: FastifyRequest): Problem =>
  new Problem(404, 'not_found', `There is nothing at ${request.url.split('?')[0]}.`);

/** The names of files in `assets/` hold a digest of their content; everything else may change at any time. */
function cachingOf(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

const NOT_PAGES = ['/api/', '/powersync/', '/collab/', '/assets/'];

function isPage({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?')[0] ?? url;
  const wantsPage = headers.accept?.includes('text/html') ?? false;
  const hasExtension = /\.[a-z0-9]+$/i.test(path);
  return !NOT_PAGES.some((prefix) => path.startsWith(prefix)) && (wantsPage || !hasExtension);
}
