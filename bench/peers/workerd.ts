import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithBench, firstAnswer, freePort, stopServer } from '../server-process.ts';
import type { Peer } from './peer.ts';

const config = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "function.wasm", wasm = embed "function.wasm")
  ],
  compatibilityDate = "2025-01-01"
);
`;

/** The buffer ABI of Isola, spoken by a worker: event in, handler, result out. */
const WORKER = `import module from './function.wasm';
const instantiate = () => new WebAssembly.Instance(module, {}).exports;
let kept;
export default {
  async fetch(request) {
    const event = new Uint8Array(await request.arrayBuffer());
    const guest = request.url.endsWith('/warm') ? (kept ??= instantiate()) : instantiate();
    const at = guest.isola_alloc(event.length);
    new Uint8Array(guest.memory.buffer, at, event.length).set(event);
    const result = BigInt.asUintN(64, guest.handler(at, event.length));
    const from = Number(result >> 32n);
    return new Response(guest.memory.buffer.slice(from, from + Number(result & 0xffffffffn)));
  },
};
`;

/** Cloudflare's runtime, as its own server. */
export const workerd: Peer = {
  name: 'workerd',
  package: 'workerd',
  async open(subject, modules, scratch) {
    const folder = join(scratch, 'workerd');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'worker.js'), WORKER);
    writeFileSync(join(folder, 'function.wasm'), subject.module);
    const { default: binary } = modules('workerd') as { readonly default: string };
    const start = (port: number): ChildProcess => {
      const file = join(folder, `config-${port}.capnp`);
      writeFileSync(file, config(port));
      return endWithBench(spawn(binary, ['serve', file], { stdio: ['ignore', 'ignore', 'inherit'] }));
    };
    const port = await freePort();
    const child = start(port);
    await firstAnswer(child, port, '/warm', subject.event);
    return {
      name: 'workerd',
      differs:
        'one thread, a process for each core is its way; fresh makes a new instance, whose initialisation runs again; no fuel; cold starts the process',
      ...{ url: `http://127.0.0.1:${port}`, pid: child.pid as number, fresh: '/fresh', warm: '/warm' },
      async cold() {
        const next = await freePort();
        const other = start(next);
        await firstAnswer(other, next, '/fresh', subject.event);
        await stopServer(other);
      },
      close: () => stopServer(child),
    };
  },
};
