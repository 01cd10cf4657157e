import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createBuilder, moduleOf, openRegistry, SCOPE } from './fixture.ts';

describe('a process killed in the middle of changes', () => {
  it.each([3, 20, 33])('has lost none that it acknowledged, after %i of them', async (enough) => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-crash-'));
    const child = spawn(process.execPath, [join('dist', 'test', 'registry', 'update-forever.js'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === enough) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(acknowledged).toBeGreaterThanOrEqual(enough);

    const { registry, close } = openRegistry(directory, { build: createBuilder() });
    await registry.open();
    const { latest } = await registry.get(SCOPE, 'f');
    expect([acknowledged, acknowledged + 1]).toContain(Number(latest.description));
    expect(latest).toMatchObject({ state: 'Active', lastUpdateStatus: 'Successful' });
    for (let n = 1; n <= acknowledged; n++) expect((await registry.get(SCOPE, `f${n}`)).latest.state).toBe('Active');
    const loaded = await registry.load(registry.resolve(SCOPE, 'f'));
    const last = Buffer.from(loaded.code)
      .toString('latin1')
      .match(/module (\d+)$/)?.[1];
    const evens = [acknowledged, acknowledged + 1].map((n) => String(n - (n % 2)));
    expect(evens).toContain(last);
    await registry.updateCode(SCOPE, 'f', { package: moduleOf('after') });
    close();
    rmSync(directory, { recursive: true });
  });
});
