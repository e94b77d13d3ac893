import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Answered by the server, never by the app shell, also when a person opens such an address. */
const SERVER_PATHS = [/^\/api\//, /^\/powersync\//, /^\/collab\//, /^\/metrics$/, /^\/healthz$/];

/** The two builds of SQLite that the storages in use load. */
const SQLITE_IN_USE = ['assets/wa-sqlite-*.wasm'];
/** PowerSync's other storages, encryption and other transport: built along, never loaded. */
const NEVER_LOADED = [
  '**/mc-wa-sqlite*',
  '**/{MemoryVFS,AccessHandlePoolVFS,OPFSWriteAheadVFS,websockets}-*',
];
const SQLITE_BYTES_MAX = 4 * 1024 * 1024;

export default defineConfig({
  root: 'client',
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    // What changes with its libraries only stays in the browser's cache when Rejoin changes.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // In the order of who takes what several need. The editor comes last: it is loaded with the first
            // description, while what sends descriptions in the background is there from the start.
            { name: 'data', test: /node_modules[\\/](@powersync|@tanstack|zod|comlink)/, priority: 4 },
            {
              name: 'interface',
              test: /node_modules[\\/](react|@mantine[\\/](?!tiptap)|@tabler|@floating-ui|scheduler|use-sync-external-store|clsx)/,
              priority: 3,
            },
            { name: 'documents', test: /node_modules[\\/](yjs|y-|lib0)/, priority: 2 },
            {
              name: 'editor',
              test: /node_modules[\\/](@tiptap|@mantine[\\/]tiptap|prosemirror|linkifyjs|fast-equals)/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  // PowerSync finds its worker and wasm files beside its own modules: bundling them beforehand would lose them.
  optimizeDeps: { exclude: ['@powersync/web', '@journeyapps/wa-sqlite'] },
  plugins: [
    react(),
    VitePWA({
      registerType: 'prompt',
      manifest: {
        name: 'Rejoin',
        short_name: 'Rejoin',
        description: 'A ticket tracker that works offline and loses nothing anybody wrote.',
        theme_color: '#5457e0',
        background_color: '#ffffff',
        display: 'standalone',
        start_url: '/',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,svg,png}', ...SQLITE_IN_USE],
        globIgnores: NEVER_LOADED,
        maximumFileSizeToCacheInBytes: SQLITE_BYTES_MAX,
        navigateFallback: '/index.html',
        navigateFallbackDenylist: SERVER_PATHS,
        cleanupOutdatedCaches: true,
      },
    }),
  ],
});
