import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

describe('a process killed while it accepts and runs events', () => {
  it('leaves the next one all that it accepted and did not run', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-killed-'));
    const seen = { accepted: new Set<string>(), ran: new Set<string>() };
    const run = async (mode: string, enough: number): Promise<void> => {
      const script = join('dist', 'test', 'triggers', 'enqueue-forever.js');
      const child = spawn(process.execPath, [script, directory, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, id] = line.split(' ') as ['accepted' | 'ran', string];
        seen[what].add(id);
        if (++lines === enough) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    };
    for (const enough of [15, 200, 777]) await run('accept', enough);
    const left = [...seen.accepted].filter((id) => !seen.ran.has(id));
    expect(left.length).toBeGreaterThan(0);
    await run('finish', Number.POSITIVE_INFINITY);
    expect([...seen.accepted].filter((id) => !seen.ran.has(id))).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});
