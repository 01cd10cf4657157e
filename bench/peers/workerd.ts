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

/** A worker that makes an instance for each request but those to /warm, and hands the event over as the module's ABI has it. */
const toWorker = (call: string): string => `import module from './function.wasm';
const imports = { env: { abort() { throw new Error('abort'); } } };
const instantiate = () => new WebAssembly.Instance(module, imports).exports;
const utf16 = new TextDecoder('utf-16le');
let kept;
export default {
  async fetch(request) {
    const guest = request.url.endsWith('/warm') ? (kept ??= instantiate()) : instantiate();
    ${call}
  },
};
`;

const BUFFER = `const event = new Uint8Array(await request.arrayBuffer());
    const at = guest.isola_alloc(event.length);
    new Uint8Array(guest.memory.buffer, at, event.length).set(event);
    const result = BigInt.asUintN(64, guest.handler(at, event.length));
    const from = Number(result >> 32n);
    return new Response(guest.memory.buffer.slice(from, from + Number(result & 0xffffffffn)));`;

const ASSEMBLYSCRIPT = `const event = await request.text();
    const at = guest.__pin(guest.__new(event.length << 1, 2));
    const units = new Uint16Array(guest.memory.buffer, at, event.length);
    for (let index = 0; index < event.length; index++) units[index] = event.charCodeAt(index);
    const from = guest.handler(at);
    guest.__unpin(at);
    const bytes = new Uint32Array(guest.memory.buffer)[(from - 4) >>> 2];
    return new Response(utf16.decode(new Uint8Array(guest.memory.buffer, from, bytes)));`;

/** Cloudflare's runtime, as its own server. */
export const workerd: Peer = {
  name: 'workerd',
  package: 'workerd',
  cannotServe(bytes) {
    const module = new WebAssembly.Module(Buffer.from(bytes));
    const foreign = WebAssembly.Module.imports(module).find(({ name }) => name !== 'abort');
    if (foreign) return `it imports ${foreign.module}.${foreign.name}`;
    return findCall(module) === undefined ? 'it has no call that is known here' : undefined;
  },
  async open(subject, modules, scratch) {
    const folder = join(scratch, 'workerd');
    mkdirSync(folder, { recursive: true });
    const call = findCall(new WebAssembly.Module(Buffer.from(subject.module))) as string;
    writeFileSync(join(folder, 'worker.js'), toWorker(call));
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

function findCall(module: WebAssembly.Module): string | undefined {
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  if (exported.includes('isola_alloc')) return BUFFER;
  return exported.includes('__new') ? ASSEMBLYSCRIPT : undefined;
}
