import { describe, expect, test } from 'vitest';
import { originAllowed } from '../../server/http/origin.ts';

const PUBLIC = 'https://rejoin.example.org';

describe('where a request may come from', () => {
  test.each([
    ['our own page', { host: 'localhost:3000', origin: 'http://localhost:3000' }, null, true],
    ['our page behind a proxy', { host: 'internal:80', origin: PUBLIC }, PUBLIC, true],
    ['a program, which names no page', { host: 'localhost:3000' }, null, true],
    ['a page of another site', { host: 'localhost:3000', origin: 'https://evil.example' }, null, false],
    ['a page on another port', { host: 'localhost:3000', origin: 'http://localhost:3001' }, null, false],
    ['a sandboxed page', { host: 'localhost:3000', origin: 'null' }, null, false],
    ['a browser that names only the relation', { host: 'x', 'sec-fetch-site': 'cross-site' }, null, false],
    ['our own page, named by the relation', { host: 'x', 'sec-fetch-site': 'same-origin' }, null, true],
    ['a name that begins like ours', { host: 'internal', origin: `${PUBLIC}.evil.example` }, PUBLIC, false],
  ])('%s', (_, headers, publicUrl, allowed) => {
    expect(originAllowed({ headers }, publicUrl)).toBe(allowed);
  });
});
