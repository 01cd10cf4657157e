import { Runtime } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RUNTIMES } from '../../runtime/registry/runtimes.ts';
import { createBuilder, createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';
import { zipOf } from './zip-of.ts';

describe('runtimes', () => {
  it('are those that the SDK knows, and ours', () => {
    expect([...RUNTIMES].sort()).toEqual([...Object.values(Runtime), 'provided.wasm'].sort());
  });
});

describe('a function of a runtime without an interpreter', () => {
  let bench: Workbench;
  let builder: ReturnType<typeof createBuilder>;
  const create = async (package_: Uint8Array) =>
    bench.registry.create(SCOPE, 'f', { ...createInput({ runtime: 'python3.12' }), package: package_ });
  beforeEach(async () => {
    builder = createBuilder();
    bench = await createWorkbench(builder);
  });
  afterEach(() => bench.dispose());

  it('is created with nothing built, and says why it cannot run', async () => {
    await create(await zipOf({ 'index.py': 'def handler(event, context): pass' }));
    expect(builder.calls).toBe(0);
    const version = bench.registry.resolve(SCOPE, 'f');
    expect(version.unrunnable).toEqual({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage:
        'This Isola runs WebAssembly only and has no interpreter for python3.12: compile the function to a .wasm module and deploy it with the runtime provided.al2023.',
    });
    await expect(bench.registry.load(version)).rejects.toThrow('no interpreter for python3.12');
  });

  it('keeps its package over a restart, with nothing built', async () => {
    await create(await zipOf({ 'index.py': '' }));
    await bench.registry.versions.publish(SCOPE, 'f', {});
    const again = await bench.reopen({ rewriterVersion: '2' });
    expect(again.resolve(SCOPE, 'f', '1').unrunnable).toBeDefined();
    expect((await again.get(SCOPE, 'f')).latest.state).toBe('Active');
    expect(builder.calls).toBe(0);
  });

  it('takes no hostile archive either', async () => {
    await expect(create(Buffer.from('hello'))).rejects.toThrow('Could not unzip uploaded file');
    await expect(create(await zipOf({}))).rejects.toThrow('Uploaded file must be a non-empty zip');
  });

  it('is built once it is given a runtime that runs modules, if it holds one', async () => {
    await create(await zipOf({ bootstrap: moduleOf('one') }));
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { runtime: 'provided.al2023' } });
    const version = bench.registry.resolve(SCOPE, 'f');
    expect(version.unrunnable).toBeUndefined();
    expect((await bench.registry.load(version)).manifest.abi).toBe('buffer');
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { runtime: 'nodejs22.x' } });
    expect(bench.registry.resolve(SCOPE, 'f').unrunnable?.errorMessage).toContain('nodejs22.x');
  });

  it('stays as it is when it is given one and holds no module', async () => {
    await create(await zipOf({ 'index.py': '' }));
    const change = { settings: { runtime: 'provided.al2023' } };
    await expect(bench.registry.updateSettings(SCOPE, 'f', change)).rejects.toThrow('holds no WebAssembly module');
    expect((await bench.registry.get(SCOPE, 'f')).latest.runtime).toBe('python3.12');
  });
});
