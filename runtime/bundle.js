import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { rolldown } from 'rolldown';

const dir = new URL('../dist/isola', import.meta.url).pathname;
const at = (path) => new URL(`../dist/runtime/${path}`, import.meta.url).pathname;
const hono = readFileSync(new URL('../node_modules/hono/LICENSE', import.meta.url), 'utf8').trim();

const input = {
  isola: at('cli/isola.js'),
  worker: at('pool/worker.js'),
  builder: at('pool/builder.js'),
  'writer-thread': at('store/sqlite/writer-thread.js'),
  child: at('cluster/child.js'),
};
const entries = Object.values(input);

/**
 * What is loaded at once when a process starts, by file: what serves before its first thread runs, what serves after that, and
 * threads. A module that threads load as others do goes where both find it; the rest is loaded when it is asked for.
 */
const LOADED_TOGETHER = {
  main: ['cli/commands/serve.js', 'main.js'],
  service: ['service.js'],
  thread: ['pool/worker.js'],
};
const reached = {};

/** All that a group loads, whether others load it too. */
function reach(group, context) {
  if (reached[group]) return reached[group];
  const found = new Set();
  const open = LOADED_TOGETHER[group].map(at);
  for (const id of open) {
    const module = context.getModuleInfo(id);
    if (found.has(id) || !module || module.isExternal) continue;
    found.add(id);
    open.push(...module.importedIds);
  }
  reached[group] = found;
  return found;
}

/** Undefined leaves it to the bundler. An entry does something when it is loaded: nobody else may load it. */
function toFile(id, context) {
  const loads = (group) => reach(group, context).has(id);
  if (entries.includes(id)) return undefined;
  if (loads('thread')) return loads('main') || loads('service') ? 'shared' : 'thread';
  if (loads('main')) return 'main';
  return loads('service') ? 'service' : undefined;
}

/**
 * Writes what ships as `isola`: the compiled sources in a few files instead of a few hundred, because loading a file costs
 * more than running it does. Packages stay where npm has put them, but for Hono, which is many small files as well.
 */
const bundle = await rolldown({
  input,
  preserveEntrySignatures: 'allow-extension',
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
  codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: toFile, debugName: 'loaded together' }] },
  banner: ({ moduleIds }) => (moduleIds.some((id) => id.includes('/hono/')) ? `/*! Hono\n${hono}\n*/` : ''),
});
await bundle.close();
// A link that npm has made leads here, and npm makes what it leads to executable but once.
chmodSync(`${dir}/isola.js`, 0o755);
