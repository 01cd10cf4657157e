import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAmongHostile } from './among-hostile.ts';
import { measureGoodput } from './goodput.ts';
import { BenchFailed, type BenchOptions, type BenchResult } from './options.ts';
import { ISOLA, isolaEnv, type ServerProcess, startServer } from './server-process.ts';
import { measureSteady } from './steady.ts';

const PARTS: Readonly<Record<string, (server: ServerProcess, options: BenchOptions) => Promise<BenchResult>>> = {
  hostile: ({ url }, options) => measureAmongHostile(url, options),
  goodput: ({ url }, options) => measureGoodput(url, options),
  steady: measureSteady,
};

const SCOPE = [
  'Measured: Isola with its default settings, signatures off, and the load in processes of their own; requests come due whatever',
  'becomes of those before, and latency counts from when one was due, or the load, which goes first where the system lets it, came',
  'to it; all share the cores. A refusal counts from when it was sent. Not measured: TLS, large events, clients that are slow.',
].join('\n  ');

/**
 * Does it stay upright? A quiet function among hostile ones; ten times more than goes through; and four fifths of it, for
 * long. A new process for each part.
 */
export async function benchOverload(options: BenchOptions): Promise<BenchResult> {
  const names = options.only === undefined ? Object.keys(PARTS) : [options.only];
  const results: BenchResult[] = [];
  for (const name of names) {
    const measure = PARTS[name];
    if (!measure) throw new BenchFailed(`There is no part ${name}. Parts: ${Object.keys(PARTS).join(', ')}.`);
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
    const server = await startServer(ISOLA, isolaEnv(dataDir), { profile: options.profile });
    try {
      results.push(await measure(server, options));
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
  return {
    figures: Object.assign({}, ...results.map(({ figures }) => figures)) as BenchResult['figures'],
    text: results.map(({ text }) => text).join('\n'),
    scope: SCOPE,
    pictures: Object.assign({}, ...results.map(({ pictures }) => pictures)) as BenchResult['pictures'],
    budgets: results.flatMap(({ budgets }) => budgets),
  };
}
