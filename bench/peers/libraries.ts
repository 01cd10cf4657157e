import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpClient } from '../http-client.ts';
import { startServer } from '../server-process.ts';
import type { Subject } from '../subject.ts';
import type { Peer, Site } from './peer.ts';

const SERVER = fileURLToPath(new URL('./library-server.js', import.meta.url));

/** Extism's SDK for Node, behind node:http. */
export const extism: Peer = {
  name: 'extism',
  package: '@extism/extism',
  open: (subject, modules, scratch) =>
    openLibrary(
      { library: 'extism', package: '@extism/extism', isFresh: true, differs: EXTISM },
      subject,
      modules,
      scratch,
    ),
};

/** Vercel's local Lambda environment, behind node:http. */
export const fun: Peer = {
  name: 'fun',
  package: '@vercel/fun',
  open: (subject, modules, scratch) =>
    openLibrary({ library: 'fun', package: '@vercel/fun', isFresh: false, differs: FUN }, subject, modules, scratch),
};

const EXTISM =
  'events go to a memory of its own, not into the guest; no fuel; cold compiles the module, in its process';
const FUN =
  'a Node process for each environment, which loads the module; cold starts one; it has no fresh state but that';

interface Library {
  readonly library: string;
  readonly package: string;
  /** It can make a new instance of compiled code. */
  readonly isFresh: boolean;
  readonly differs: string;
}

async function openLibrary(
  { library, package: name, isFresh, differs }: Library,
  { module, event }: Subject,
  modules: NodeJS.Require,
  scratch: string,
): Promise<Site> {
  const folder = join(scratch, library);
  mkdirSync(folder, { recursive: true });
  const wasm = join(folder, 'function.wasm');
  writeFileSync(wasm, module);
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const server = await startServer([SERVER, library, dirname(modules.resolve(name)), wasm, folder], env);
  const client = new HttpClient(server.url);
  return {
    ...{ name: library, differs, url: server.url, pid: server.pid, warm: '/warm' },
    ...(isFresh ? { fresh: '/fresh' } : {}),
    cold: () => client.post('/cold', event),
    async close() {
      client.close();
      await server.stop();
    },
  };
}
