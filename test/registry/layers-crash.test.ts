import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createBuilder, moduleOf, openRegistry, SCOPE } from './fixture.ts';

describe('a process killed while it publishes layers', () => {
  it.each([1, 30, 77])('has lost none that it acknowledged, and gives no number again, after %i', async (enough) => {
    const directory = mkdtempSync(join(tmpdir(), 'isola-layers-crash-'));
    const script = join('dist', 'test', 'registry', 'publish-layers-forever.js');
    const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const acknowledged = new Map<number, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [version = '', description = ''] = line.split(' ');
      acknowledged.set(Number(version), description);
      if (acknowledged.size === enough) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(acknowledged.size).toBeGreaterThanOrEqual(enough);

    const { registry, close } = openRegistry(directory, { build: createBuilder() });
    await registry.open();
    for (const [version, description] of acknowledged) {
      if (version % 3 === 0) {
        await expect(registry.layers.get(SCOPE, 'l', version)).rejects.toThrow('does not exist');
        continue;
      }
      const layer = await registry.layers.get(SCOPE, 'l', version);
      expect(layer.record.description).toBe(description);
      expect(Buffer.from(await registry.layers.readPackage(layer))).toEqual(Buffer.from(moduleOf(description)));
    }
    const next = await registry.layers.publish(SCOPE, 'l', { package: moduleOf('next'), description: '' });
    expect(next.record.version).toBeGreaterThan(Math.max(...acknowledged.keys()));
    close();
    rmSync(directory, { recursive: true });
  });
});
