import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { z } from 'zod';

const ENTRY = fileURLToPath(new URL('page.ts', import.meta.url));

const bundled = z.tuple([
  z.object({ output: z.tuple([z.object({ type: z.literal('chunk'), code: z.string() })]) }),
]);

/** The page's code in one module, as a browser loads it. */
export async function bundlePage(): Promise<string> {
  const [{ output }] = bundled.parse(
    await build({
      configFile: false,
      logLevel: 'warn',
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        lib: { entry: ENTRY, formats: ['es'] },
        rolldownOptions: { output: { codeSplitting: false } },
      },
    }),
  );
  return output[0].code;
}
