import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS } from './budgets.ts';
import { Child } from './child.ts';
import { compileGuest } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { createRole, deploy, invocationsPath } from './lambda-calls.ts';
import type { LoadAnswer } from './load-generator.ts';
import type { BenchOptions, BenchResult } from './options.ts';
import { ISOLA, isolaEnv, type ServerProcess, startServer } from './server-process.ts';
import { median, round } from './statistics.ts';
import { formatTable } from './table.ts';

const CALLERS = 16;
/** Of the function itself; START, END and REPORT come with them. */
const LINES = [1, 10];
const PLATFORM_LINES = 3;
const ROLE = 'writer';

/** Log lines that are kept a second, and what keeping them costs the calls that write them: beside a server that keeps none. */
export async function measureLineRate({
  short,
}: BenchOptions): Promise<Pick<BenchResult, 'budgets' | 'text'> & { readonly figures: unknown }> {
  const folders: string[] = [];
  const start = async (env: Readonly<Record<string, string>>): Promise<ServerProcess> => {
    const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
    folders.push(dataDir);
    const server = await startServer(ISOLA, { ...isolaEnv(dataDir), ...env });
    await deployWriters(server.url);
    return server;
  };
  const [keeping, dropping] = [await start({}), await start({ ISOLA_LOGS_MB: '0' })];
  const calling = new Child(new URL('./load-generator.js', import.meta.url));
  const rows = LINES.map((lines) => ({ lines, rounds: [] as { calls: number; ofDropping: number }[] }));
  try {
    for (let turn = -1; turn < (short ? 3 : 9); turn++) {
      for (const { lines, rounds } of rows) {
        const question = { body: '{}', paths: [invocationsPath(`lines-${lines}`)], connections: CALLERS };
        const ask = ({ url }: ServerProcess) => calling.ask<LoadAnswer>({ ...question, url, ms: short ? 500 : 3_000 });
        const [dropped, kept] = [await ask(dropping), await ask(keeping)];
        if (turn >= 0) rounds.push({ calls: kept.perSecond, ofDropping: kept.perSecond / dropped.perSecond });
      }
    }
  } finally {
    await calling.stop();
    await keeping.stop();
    await dropping.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
  return toResult(rows);
}

async function deployWriters(url: string): Promise<void> {
  const client = new HttpClient(url);
  await createRole(client, ROLE, 'logs:*');
  for (const lines of LINES) {
    const module = await compileGuest('lines', { LINES: lines });
    await deploy(client, `lines-${lines}`, { module, memoryMb: 128, handler: 'index.handler', role: ROLE });
  }
  client.close();
}

function toResult(
  rows: readonly { readonly lines: number; readonly rounds: readonly { calls: number; ofDropping: number }[] }[],
): Pick<BenchResult, 'budgets' | 'text'> & { readonly figures: unknown } {
  const figures = rows.map(({ lines, rounds }) => {
    const callsPerSecond = median(rounds.map(({ calls }) => calls));
    const linesPerSecond = callsPerSecond * (lines + PLATFORM_LINES);
    return { lines, callsPerSecond, linesPerSecond, ofDropping: median(rounds.map(({ ofDropping }) => ofDropping)) };
  });
  return {
    figures,
    text: [
      `Calls a second over ${CALLERS} connections of functions that log, their lines kept; each round beside a server that keeps none`,
      formatTable(
        ['own lines', 'lines/s', 'calls/s', 'of none kept'],
        figures.map((row) => [
          ...[row.lines, round(row.linesPerSecond), round(row.callsPerSecond), `${round(row.ofDropping)}x`],
        ]),
      ),
      '',
    ].join('\n'),
    budgets: figures.slice(0, 1).map(({ ofDropping }) => ({
      promise: `calls of a function whose line is kept: at least ${BUDGETS.callsWithLines} of those whose line is not`,
      measured: `${round(ofDropping)}`,
      met: ofDropping >= BUDGETS.callsWithLines,
    })),
  };
}
