import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer, type ProxyOptions } from 'vite';
import { readConfig } from './config.ts';
import { freePort } from './http/free-port.ts';
import { fail, say } from './lifecycle.ts';

/**
 * `npm run dev`: Vite serves the client and reloads it; the server runs behind it, on a port of its own, and starts
 * again when its sources change. One address for both, because cookies and the service worker belong to one.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVER_PATHS = ['/api', '/powersync', '/healthz', '/metrics'];

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) return fail(`the configuration is not right: ${read.problem}.`);
  const { host, port } = read.config;
  const serverPort = await freePort();
  const server = startServer(serverPort);
  const client = await createServer({
    root: `${ROOT}/client`,
    configFile: `${ROOT}/vite.config.ts`,
    server: { host, port, strictPort: true, proxy: proxyTo(`http://127.0.0.1:${serverPort}`) },
  });
  try {
    await client.listen();
  } catch (error) {
    server.kill('SIGTERM');
    return fail(error instanceof Error ? error.message : String(error));
  }
  say(`Rejoin for development: ${client.resolvedUrls?.local[0] ?? `http://${host}:${port}`}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill(signal));
  server.once('exit', async (code) => {
    await client.close();
    process.exit(code ?? 0);
  });
}

/** Restarted by tsx; it says itself what it is doing. */
function startServer(port: number): ChildProcess {
  const tsx = fileURLToPath(new URL('../node_modules/tsx/dist/cli.mjs', import.meta.url));
  return spawn(process.execPath, [tsx, 'watch', '--clear-screen=false', 'server/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), REJOIN_SERVE_CLIENT: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
    // Out of reach of the terminal's Ctrl-C, which we pass on: twice would end it before it has stopped.
    detached: true,
  });
}

/** The Host header stays as it came: the server compares it with the page's origin, and tells clients to come back there. */
function proxyTo(target: string): Record<string, ProxyOptions> {
  const plain: ProxyOptions = { target, changeOrigin: false };
  return {
    ...Object.fromEntries(SERVER_PATHS.map((path) => [path, plain])),
    '/collab': { ...plain, ws: true },
  };
}

await main();
