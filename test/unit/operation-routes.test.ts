import Fastify from 'fastify';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { operationRoutes } from '../../server/http/operation-routes.ts';

const TOKEN = 'a-token-of-a-unit-test';

async function ask(
  metricsToken: string | null,
  headers: Record<string, string>,
  remoteAddress: string,
  publicUrl: string | null = null,
) {
  const app = Fastify();
  const deps = { registry: new Registry(), isReady: () => true, metricsToken, publicUrl };
  await app.register(operationRoutes(deps));
  const answer = await app.inject({ url: '/metrics', headers, remoteAddress });
  return answer.statusCode;
}

describe('the metrics', () => {
  test.each([
    ['a program on this machine', '127.0.0.1', {}, 200],
    ['the same over IPv6', '::1', {}, 200],
    ['another machine', '192.0.2.7', {}, 403],
    ['a proxy on this machine, for somebody', '127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }, 403],
    ['one who claims to be here', '192.0.2.7', { 'x-forwarded-for': '127.0.0.1' }, 403],
  ])('without a token: %s', async (_, address, headers, status) => {
    expect(await ask(null, headers, address)).toBe(status);
  });

  test.each([
    ['http://localhost:3000', 200],
    ['https://rejoin.example.org', 403],
  ])('without a token, on a server that people find at %s', async (publicUrl, status) => {
    expect(await ask(null, {}, '127.0.0.1', publicUrl)).toBe(status);
  });

  test.each([
    ['from elsewhere, with it', '192.0.2.7', { authorization: `Bearer ${TOKEN}` }, 200],
    ['from elsewhere, with another', '192.0.2.7', { authorization: `Bearer ${TOKEN}s` }, 401],
    ['from elsewhere, with none', '192.0.2.7', {}, 401],
    ['from this machine, with none', '127.0.0.1', {}, 401],
  ])('with a token: %s', async (_, address, headers, status) => {
    expect(await ask(TOKEN, headers, address)).toBe(status);
  });
});
