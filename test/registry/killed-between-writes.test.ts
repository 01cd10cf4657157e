import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedArtifact } from '../../runtime/contract/artifact.ts';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import type { FunctionRegistry } from '../../runtime/registry/index.ts';
import { shareImageSync } from '../../runtime/snapshot/index.ts';
import { guest } from '../support/wat.ts';
import { createInput, openRegistry, SCOPE } from './fixture.ts';

let directory: string;
const closers: (() => void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'isola-killed-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(directory, { recursive: true });
});

async function reopen(): Promise<FunctionRegistry> {
  const { registry, close } = openRegistry(directory, {
    build: async (module, options) => buildArtifact(module, options),
  });
  closers.push(close);
  await registry.open();
  return registry;
}

/** Runs a process that deploys `wasm` and is killed on the way; answers the signal. */
function deployAndDie(wasm: Uint8Array, when: string, blob: number, update: 'update' | '' = ''): string | null {
  writeFileSync(join(directory, 'module.wasm'), wasm);
  const script = join('dist', 'test', 'registry', 'deploy-and-die.js');
  return spawnSync(process.execPath, [script, directory, when, String(blob), update], { stdio: 'inherit' }).signal;
}

/** The memory of the image. */
function memoryOf({ image }: LoadedArtifact): Uint8Array {
  if (!image) throw new Error('there is no image');
  const [memory] = shareImageSync(image, 'copy').memories;
  return new Uint8Array((memory as Extract<typeof memory, { kind: 'copied' }>).memory);
}

const PLACES = [
  ['before', 3],
  ['during', 3],
  ['after', 3],
  ['before', 4],
  ['during', 4],
  ['after', 4],
] as const;

// Blob 3 is the artifact, blob 4 its image.
describe('a process killed while it writes an artifact and its image', () => {
  it.each(PLACES)('%s blob %i leaves nothing half-made of a new function', async (when, blob) => {
    expect(deployAndDie(guest('large'), when, blob)).toBe('SIGKILL');
    const registry = await reopen();
    await expect(registry.get(SCOPE, 'f')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await registry.create(SCOPE, 'f', { ...createInput(), package: guest('large') });
    expect(memoryOf(await registry.load(registry.resolve(SCOPE, 'f'))).some((byte) => byte !== 0)).toBe(true);
  });

  it.each(PLACES)('%s blob %i leaves an updated function what it was', async (when, blob) => {
    const before = await reopen();
    await before.create(SCOPE, 'f', { ...createInput(), package: guest('counter') });
    const whole = await before.load(before.resolve(SCOPE, 'f'));
    for (const close of closers.splice(0)) close();
    expect(deployAndDie(guest('large'), when, blob, 'update')).toBe('SIGKILL');
    const registry = await reopen();
    const loaded = await registry.load(registry.resolve(SCOPE, 'f'));
    expect(loaded).toEqual(whole);
    expect((await registry.get(SCOPE, 'f')).latest).toMatchObject({ state: 'Active', lastUpdateStatus: 'Successful' });
  });
});
