import { readFileSync, rmSync } from 'node:fs';
import { rolldown } from 'rolldown';

const dir = new URL('../dist/isola', import.meta.url).pathname;
const at = (path) => new URL(`../dist/runtime/${path}`, import.meta.url).pathname;
const hono = readFileSync(new URL('../node_modules/hono/LICENSE', import.meta.url), 'utf8').trim();

/**
 * Writes what ships as `isola`: the compiled sources in a few files instead of a few hundred, because loading a file costs
 * more than running it does. Packages stay where npm has put them, but for Hono, which is many small files as well.
 */
const bundle = await rolldown({
  input: {
    isola: at('cli/isola.js'),
    worker: at('pool/worker.js'),
    builder: at('pool/builder.js'),
    'writer-thread': at('store/sqlite/writer-thread.js'),
    child: at('cluster/child.js'),
  },
  platform: 'node',
  external: (id) => !/^(?:\.|\/|hono(?:\/|$))/.test(id),
  logLevel: 'warn',
});
rmSync(dir, { recursive: true, force: true });
await bundle.write({
  dir,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  banner: ({ moduleIds }) => (moduleIds.some((id) => id.includes('/hono/')) ? `/*! Hono\n${hono}\n*/` : ''),
});
await bundle.close();
