import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBuilder, createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';
import { zipOf } from './zip-of.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:l';
/** The fixture's builder takes it for one that can read files. */
const WASI = moduleOf('wasi_snapshot_preview1');

describe('layers', () => {
  let bench: Workbench;
  let builder: ReturnType<typeof createBuilder>;
  beforeEach(async () => {
    builder = createBuilder();
    bench = await createWorkbench(builder);
  });
  afterEach(() => bench.dispose());

  const publish = async (files: Readonly<Record<string, string>>, name = 'l', registry = bench.registry) =>
    registry.layers.publish(SCOPE, name, { package: await zipOf(files), description: '' });
  const create = (layers: readonly string[], name = 'f') =>
    bench.registry.create(SCOPE, name, { ...createInput({ layers }), package: WASI });
  const seenBy = async (registry = bench.registry, qualifier?: string) => {
    const { layers } = await registry.load(registry.resolve(SCOPE, 'f', qualifier));
    return Object.fromEntries([...layers].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
  };
  const blobs = () => readdirSync(join(bench.directory, 'blobs'), { recursive: true }) as string[];

  it('give a number to each version, and none of them twice, over a restart too', async () => {
    await publish({ a: '1' });
    await publish({ a: '2' });
    await bench.registry.layers.delete(SCOPE, 'l', 2);
    expect((await publish({ a: '3' })).record.version).toBe(3);
    await bench.registry.layers.delete(SCOPE, 'l', 1);
    await bench.registry.layers.delete(SCOPE, ARN, 3);
    const again = await bench.reopen();
    expect(await again.layers.list(SCOPE, {})).toEqual([]);
    expect((await publish({ a: '4' }, 'l', again)).record.version).toBe(4);
  });

  it('weigh what their packages weigh, until they are deleted', async () => {
    const weight = () => bench.registry.layers.packageBytes(SCOPE);
    const { record } = await publish({ a: '1' });
    await publish({ a: '1' }, 'm');
    expect(await weight()).toBe(2 * record.packageBytes);
    await bench.registry.layers.delete(SCOPE, 'm', 1);
    expect(await weight()).toBe(record.packageBytes);
    expect(await bench.registry.layers.packageBytes({ ...SCOPE, region: 'eu-west-1' })).toBe(0);
  });

  it('number versions that are published at once', async () => {
    const published = await Promise.all(Array.from({ length: 20 }, (_, at) => publish({ a: String(at) })));
    expect(published.map(({ record }) => record.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });

  it('take no hostile archive', async () => {
    for (const bytes of [Buffer.from('hello'), new Uint8Array(), await zipOf({})]) {
      const failure = bench.registry.layers.publish(SCOPE, 'l', { package: bytes, description: '' });
      await expect(failure).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    }
    expect(await bench.registry.layers.list(SCOPE, {})).toEqual([]);
  });

  it('lie over each other in a function, and are seen while it is built', async () => {
    await publish({ 'lib/a': 'below', 'lib/b': 'below' });
    await publish({ 'lib/b': 'above', 'bin/c': 'above' }, 'm');
    await create([`${ARN}:1`, `${ARN.replace(/l$/, 'm')}:1`]);
    expect(await seenBy()).toEqual({ 'lib/a': 'below', 'lib/b': 'above', 'bin/c': 'above' });
    expect([...builder.layers].sort()).toEqual(['bin/c', 'lib/a', 'lib/b']);
    await bench.registry.updateSettings(SCOPE, 'f', {
      settings: { layers: [`${ARN.replace(/l$/, 'm')}:1`, `${ARN}:1`] },
    });
    expect(await seenBy()).toMatchObject({ 'lib/b': 'below' });
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { layers: [] } });
    expect(await seenBy()).toEqual({});
  });

  it('share the memory of their files among functions', async () => {
    await publish({ a: 'shared' });
    await create([`${ARN}:1`]);
    await create([`${ARN}:1`], 'g');
    const [f, g] = await Promise.all(
      ['f', 'g'].map((name) => bench.registry.load(bench.registry.resolve(SCOPE, name))),
    );
    expect(f?.layers.get('a')?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(f?.layers.get('a')?.buffer).toBe(g?.layers.get('a')?.buffer);
  });

  it('stay with the versions that were published with them, when they are changed or deleted', async () => {
    await publish({ a: 'one' });
    await publish({ a: 'two' });
    await create([`${ARN}:1`]);
    await bench.registry.versions.publish(SCOPE, 'f', {});
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { layers: [`${ARN}:2`] } });
    await bench.registry.layers.delete(SCOPE, 'l', 1);
    const again = await bench.reopen();
    expect([await seenBy(again, '1'), await seenBy(again)]).toEqual([{ a: 'one' }, { a: 'two' }]);
  });

  it('make another version of a function', async () => {
    await publish({ a: 'one' });
    await create([]);
    await bench.registry.versions.publish(SCOPE, 'f', {});
    const { layers } = { layers: [`${ARN}:1`] };
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { layers } });
    expect((await bench.registry.versions.publish(SCOPE, 'f', {})).version).toBe('2');
    const images = ['1', '2'].map((qualifier) => bench.registry.resolve(SCOPE, 'f', qualifier).image);
    expect(new Set(images).size).toBe(2);
  });

  it('outlive a sweep, until nobody needs them any more', async () => {
    const { record } = await publish({ a: 'one' });
    const isKept = () => blobs().some((path) => path.endsWith(record.package));
    await bench.reopen();
    expect(isKept()).toBe(true);
    await create([`${ARN}:1`]);
    await bench.registry.layers.delete(SCOPE, 'l', 1);
    await bench.reopen();
    expect(isKept()).toBe(true);
    await bench.registry.delete(SCOPE, 'f');
    await bench.reopen();
    expect(isKept()).toBe(false);
  });

  it('that the disk has lost fail the function they belong to, and nothing else', async () => {
    const { record } = await publish({ a: 'one' });
    await create([`${ARN}:1`]);
    rmSync(join(bench.directory, 'blobs', record.package.slice(0, 2), record.package));
    await expect(seenBy(await bench.reopen())).rejects.toMatchObject({ code: 'ServiceException' });
    expect((await bench.registry.get(SCOPE, 'f')).latest.state).toBe('Active');
  });

  it('may carry the module of a function whose package has none', async () => {
    await bench.registry.layers.publish(SCOPE, 'l', { package: moduleOf('one'), description: '' });
    const input = { ...createInput({ layers: [`${ARN}:1`] }), package: await zipOf({ 'data.txt': 'x' }) };
    await bench.registry.create(SCOPE, 'f', input);
    expect(Buffer.from((await bench.registry.load(bench.registry.resolve(SCOPE, 'f'))).code).toString()).toContain(
      'one',
    );
  });

  const named = (...arns: string[]) => arns;
  it.each<[string, readonly string[], string]>([
    ['more than five', Array(6).fill(`${ARN}:1`), 'Cannot reference more than 5 layers.'],
    ['none', named(`${ARN}:9`), `Layer version ${ARN}:9 does not exist.`],
    [
      'two versions of one layer',
      named(`${ARN}:1`, `${ARN}:2`),
      `Two different versions of the same layer are not allowed to be referenced in the same function. ${ARN}:1 and ${ARN}:2 are versions of the same layer.`,
    ],
    [
      'another region',
      named(`${ARN.replace('us-east-1', 'eu-west-1')}:1`),
      'Layers are not in the same region as the function. Layers are expected to be in region us-east-1.',
    ],
    [
      'another account',
      named(`${ARN.replace('000000000000', '123456789012')}:1`),
      'because no resource-based policy allows the lambda:GetLayerVersion action',
    ],
    ['no ARN', named('l'), "Value '[l]' at 'layers' failed to satisfy constraint"],
    ['no version', named(ARN), `Value '[${ARN}]' at 'layers' failed to satisfy constraint`],
  ])('are refused to a function that names %s', async (_, layers, message) => {
    await publish({ a: '1' });
    await publish({ a: '2' });
    await expect(create(layers)).rejects.toThrow(message);
    expect(await bench.registry.list(SCOPE, { limit: 10 })).toEqual([]);
  });
});

describe('a function with layers', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
  });
  afterEach(() => bench.dispose());

  it('unpacks to no more than Lambda allows, its own package included', async () => {
    const zeros = await zipOf({ zeros: Buffer.alloc(140_000_000) });
    for (const name of ['l', 'm'])
      await bench.registry.layers.publish(SCOPE, name, { package: zeros, description: '' });
    const arns = ['l', 'm'].map((name) => `${ARN.replace(/l$/, name)}:1`);
    const create = async (layers: readonly string[], package_: Uint8Array) =>
      bench.registry.create(SCOPE, 'f', { ...createInput({ layers }), package: package_ });
    await expect(create(arns, WASI)).rejects.toThrow('Layers consume more than the available size of 262144000 bytes');
    const large = await zipOf({ bootstrap: WASI, zeros: Buffer.alloc(122_144_000) });
    await expect(create(arns.slice(0, 1), large)).rejects.toThrow(
      `Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is ${262_144_000 + WASI.length} bytes.`,
    );
    await create(arns.slice(0, 1), WASI);
  });
});
