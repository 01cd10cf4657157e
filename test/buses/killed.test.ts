import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const ROUNDS = 12;

it('a schedule makes one event a tick, however often the process is killed, and tells which it missed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'isola-ticks-'));
  const born = String(Date.now());
  const ids = new Map<string, Set<string>>();
  let missed = 0;
  /** Runs until `enough` events were made after it opened, and the process is killed then. */
  const run = async (mode: string, enough: number): Promise<void> => {
    const script = join('dist', 'test', 'buses', 'tick-forever.js');
    const child = spawn(process.execPath, [script, directory, mode, born], { stdio: ['ignore', 'pipe', 'inherit'] });
    let fired = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, time = '', id = ''] = line.split(' ');
      if (what === 'fired') {
        ids.set(time, (ids.get(time) ?? new Set()).add(id));
        if (++fired === enough) child.kill('SIGKILL');
      }
      if (what === 'noticed') missed += Number(/missed (\d+) ticks/.exec(line)?.[1] ?? 1);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  await run('first', 2);
  for (let round = 0; round < ROUNDS; round++) await run('on', 1 + (round % 3));
  await run('finish', Number.POSITIVE_INFINITY);
  expect([...ids].filter(([, made]) => made.size > 1)).toEqual([]);
  const ticks = [...ids.keys()].sort();
  const [first = '', last = ''] = [ticks[0], ticks.at(-1)];
  const due = (Date.parse(last) - Date.parse(first)) / 60_000 + 1;
  expect(ticks.length).toBeGreaterThan(ROUNDS / 2);
  expect(ticks.length + missed).toBeGreaterThanOrEqual(due);
  rmSync(directory, { recursive: true });
}, 300_000);
