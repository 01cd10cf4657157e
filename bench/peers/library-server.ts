import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { toDistinctModule } from '../guests.ts';
import { requireFrom } from './peer.ts';

/**
 * Serves a library that has no server of its own: the bare node:http server, with one call of the library in it. Reads from
 * its arguments which library, where it is installed, the module and a folder for files.
 */
const [library, folder, wasm, scratch] = process.argv.slice(2) as [string, string, string, string];
const modules = requireFrom(folder);
const module = new Uint8Array(readFileSync(wasm));

const HANDLER = `const { readFileSync } = require('node:fs');
const guest = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(__dirname + '/function.wasm')), {}).exports;
exports.handler = async (value) => {
  const event = new TextEncoder().encode(JSON.stringify(value));
  const at = guest.isola_alloc(event.length);
  new Uint8Array(guest.memory.buffer, at, event.length).set(event);
  const result = BigInt.asUintN(64, guest.handler(at, event.length));
  const from = Number(result >> 32n);
  return JSON.parse(new TextDecoder().decode(guest.memory.buffer.slice(from, from + Number(result & 0xffffffffn))));
};
`;

type Call = (event: string) => Promise<string>;
/** Ends what the library has started. */
let end = async (): Promise<void> => {};
const calls = library === 'extism' ? openExtism() : await openFun();
process.once('SIGTERM', () => void end().finally(() => process.exit(0)));

interface Plugin {
  call(name: string, input: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Extism passes events in a memory of its own, which this module does not read: the server answers with the event. */
function openExtism(): Readonly<Record<string, Call>> {
  const { createPlugin } = modules('@extism/extism') as { createPlugin(manifest: unknown): Promise<Plugin> };
  const compiled = new WebAssembly.Module(module);
  const once = async (source: unknown, event: string): Promise<string> => {
    const plugin = await createPlugin({ wasm: [source] });
    await plugin.call('run', event);
    await plugin.close();
    return event;
  };
  let kept: Promise<Plugin> | undefined;
  let next = 0;
  return {
    '/cold': (event) => once({ data: toDistinctModule(module, next++) }, event),
    '/fresh': (event) => once({ module: compiled }, event),
    '/warm': async (event) => {
      kept ??= createPlugin({ wasm: [{ module: compiled }] });
      await (await kept).call('run', event);
      return event;
    },
  };
}

interface Lambda {
  (payload: unknown): Promise<unknown>;
  destroy(): Promise<void>;
}

/** A child process for each execution environment, which speaks Lambda's runtime API. */
async function openFun(): Promise<Readonly<Record<string, Call>>> {
  const code = join(scratch, 'fun');
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.js'), HANDLER);
  writeFileSync(join(code, 'function.wasm'), module);
  const { createFunction } = modules('@vercel/fun') as { createFunction(params: unknown): Promise<Lambda> };
  const create = (): Promise<Lambda> =>
    createFunction({
      Code: { Directory: code },
      Handler: 'index.handler',
      Runtime: 'nodejs',
      MemorySize: 512,
      Timeout: 10,
    });
  const kept = await create();
  end = () => kept.destroy();
  const call = async (lambda: Lambda, event: string): Promise<string> =>
    JSON.stringify(await lambda(JSON.parse(event)));
  return {
    '/cold': async (event) => {
      const lambda = await create();
      const result = await call(lambda, event);
      await lambda.destroy();
      return result;
    },
    '/warm': (event) => call(kept, event),
  };
}

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const answer = calls[incoming.url ?? ''] as Call;
    answer(Buffer.concat(chunks).toString()).then(
      (result) => outgoing.end(result),
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
