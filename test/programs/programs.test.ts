import { fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { keep } from '../fuzz/ledger.ts';
import type { ProgramReport } from './run-program.ts';

const SCRIPTS = join(process.cwd(), 'test', 'fixtures', 'programs');
const RUNNER = fileURLToPath(new URL('./run-program.js', import.meta.url));
const FOLDERS = [process.cwd(), ...(process.env.WASM_PROGRAMS ? [process.env.WASM_PROGRAMS] : [])];
const PLAIN = 0;
const SLICES = [1000, 1_000_000] as const;
const TIMEOUT_MS = 600_000;

function play(script: string, folder: string, slice: number): Promise<ProgramReport> {
  return new Promise((resolve, reject) => {
    const child = fork(RUNNER, [script, folder, `${slice}`], {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once('message', (report) => resolve(report as ProgramReport));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}: ${complaint}`)));
  });
}

it.for(readdirSync(SCRIPTS).filter((name) => name.endsWith('.mjs')))(
  '%s gives the same rewritten, for the same fuel in any slices',
  { timeout: TIMEOUT_MS },
  async (name, { skip }) => {
    const script = join(SCRIPTS, name);
    const { needs } = (await import(script)) as { needs: readonly string[] };
    const folder = FOLDERS.find((one) => needs.every((file) => existsSync(join(one, 'node_modules', file))));
    if (folder === undefined) return skip(`it needs ${needs.join(', ')} in WASM_PROGRAMS`);
    const plain = await play(script, folder, PLAIN);
    const [small, usual] = [await play(script, folder, SLICES[0]), await play(script, folder, SLICES[1])];
    expect(small.result).toEqual(plain.result);
    expect(usual.result).toEqual(plain.result);
    expect(usual.engine).toEqual(small.engine);
    expect(usual.engine?.fuel).toBeGreaterThan(10_000);
    keep(`program-${name}`, { fuel: usual.engine?.fuel });
    process.stdout.write(`${name}: ${JSON.stringify(usual.engine)}\n`);
    return undefined;
  },
);
