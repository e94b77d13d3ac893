// A worker thread does not inherit the TypeScript loader of the main thread: it is registered here first.
import { register } from 'tsx/esm/api';

register();
await import('./history-worker.ts');
