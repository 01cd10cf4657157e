import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LambdaError } from '../../runtime/contract/errors.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import type { BuiltRecord } from '../../runtime/store/function-record.ts';
import {
  createBuilder,
  createInput,
  createWorkbench,
  moduleOf,
  openRegistry,
  SCOPE,
  type Workbench,
} from './fixture.ts';
import { zipOf } from './zip-of.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

describe('the registry', () => {
  let bench: Workbench;
  let builder: ReturnType<typeof createBuilder>;
  beforeEach(async () => {
    builder = createBuilder();
    bench = await createWorkbench(builder);
  });
  afterEach(() => bench.dispose());

  it('answers Pending on creation and Active on the next look, each with its own revision', async () => {
    const created = await bench.registry.create(SCOPE, 'f', createInput());
    const found = await bench.registry.get(SCOPE, 'f');
    expect(created.latest).toMatchObject({ state: 'Pending', stateReason: { code: 'Creating' } });
    expect(created.latest.lastUpdateStatus).toBeUndefined();
    expect(found.latest).toMatchObject({ state: 'Active', lastUpdateStatus: 'Successful' });
    expect(found.latest.stateReason).toBeUndefined();
    expect(found.latest.revisionId).not.toBe(created.latest.revisionId);
  });

  it('answers InProgress on an update and Successful on the next look', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    const before = await bench.registry.get(SCOPE, 'f');
    const updated = await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
    const after = await bench.registry.get(SCOPE, 'f');
    expect(updated.latest).toMatchObject({ state: 'Active', lastUpdateStatus: 'InProgress' });
    expect(after.latest.lastUpdateStatus).toBe('Successful');
    expect(after.latest.code.package).not.toBe(before.latest.code.package);
    expect(new Set([before, updated, after].map((each) => each.latest.revisionId)).size).toBe(3);
  });

  it('resolves a function at once, in every form of its name', async () => {
    await bench.registry.create(SCOPE, 'f', createInput({ timeoutSeconds: 7, environment: { ISOLA_FUEL: '5' } }));
    for (const reference of ['f', 'f:$LATEST', '000000000000:function:f', ARN, `${ARN}:$LATEST`]) {
      expect(bench.registry.resolve(SCOPE, reference)).toMatchObject({ arn: ARN, timeoutMs: 7_000, fuelBudget: 5 });
    }
    expect(bench.registry.resolve(SCOPE, 'f', '$LATEST').isolation).toBe('invocation');
  });

  it.each([
    ['nothing', undefined, 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing'],
    ['nothing', '$LATEST', 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing:$LATEST'],
    ['f', 'live', `Function not found: ${ARN}:live`],
    ['f:7', undefined, `Function not found: ${ARN}:7`],
    [
      ARN.replace('us-east-1', 'eu-west-1'),
      undefined,
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    ],
    ['f:1', '2', 'The derived qualifier from the function name does not match the specified qualifier.'],
  ])('says of %s with qualifier %s what Lambda says', async (reference, qualifier, message) => {
    await bench.registry.create(SCOPE, 'f', createInput());
    expect(() => bench.registry.resolve(SCOPE, reference, qualifier)).toThrow(message);
  });

  it('keeps regions apart', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    expect(() => bench.registry.resolve({ ...SCOPE, region: 'eu-west-1' }, 'f')).toThrow('Function not found');
    expect(await bench.registry.list({ ...SCOPE, region: 'eu-west-1' }, { limit: 50 })).toEqual([]);
  });

  it('stores nothing of a package that it refuses', async () => {
    await expect(bench.registry.create(SCOPE, 'f', createInput({}, 'refuse'))).rejects.toThrow(
      'The module is refused.',
    );
    await expect(bench.registry.get(SCOPE, 'f')).rejects.toThrow('Function not found');
    expect(readdirSync(bench.directory)).not.toContain('blobs');
    await bench.registry.create(SCOPE, 'f', createInput());
    const before = await bench.registry.get(SCOPE, 'f');
    await expect(bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('refuse') })).rejects.toThrow('refused');
    expect(await bench.registry.get(SCOPE, 'f')).toEqual(before);
  });

  it('refuses a second creation, also while the first is being built', async () => {
    const both = await Promise.allSettled([1, 2].map(() => bench.registry.create(SCOPE, 'f', createInput())));
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(bench.registry.create(SCOPE, 'f', createInput())).rejects.toThrow('Function already exist: f');
  });

  it('refuses a change while another is being built, and takes one right after', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    const first = bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
    const second = bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('three') });
    await expect(second).rejects.toThrow(`An update is in progress for resource: ${ARN}`);
    await first;
    await expect(bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('four') })).resolves.toBeDefined();
  });

  it('changes only the revision that the caller has seen', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    const { revisionId } = (await bench.registry.get(SCOPE, 'f')).latest;
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'a' }, revisionId });
    const stale = bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'b' }, revisionId });
    await expect(stale).rejects.toMatchObject({ code: 'PreconditionFailedException' });
  });

  it('says what initialisation read that every invocation repeats, until the code no longer does', async () => {
    const sentence =
      'Initialisation read random numbers (isola.random) and the clock (isola.clock): what it made of them repeats in every invocation. Read them in the handler.';
    await bench.registry.create(SCOPE, 'f', createInput({}, 'random'));
    expect((await bench.registry.get(SCOPE, 'f')).latest.stateReason?.text).toBe(sentence);
    expect(bench.noticed).toEqual([`arn:aws:lambda:us-east-1:000000000000:function:f: ${sentence}`]);
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'same code' } });
    expect(bench.noticed).toHaveLength(1);
    await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('sober') });
    expect((await bench.registry.get(SCOPE, 'f')).latest.stateReason).toBeUndefined();
  });

  it('builds again when the event that warms it up changes, which names another image', async () => {
    await bench.registry.create(SCOPE, 'f', createInput({ environment: { A: '1' } }));
    const image = bench.registry.resolve(SCOPE, 'f').image;
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { environment: { A: '2' } } });
    expect([builder.calls, bench.registry.resolve(SCOPE, 'f').image]).toEqual([1, image]);
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { environment: { ISOLA_WARM_UP: '{}' } } });
    expect(builder.calls).toBe(2);
    expect(bench.registry.resolve(SCOPE, 'f').image).not.toBe(image);
  });

  it('builds again only when the memory or the handler changes', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    const image = bench.registry.resolve(SCOPE, 'f').image;
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'a', timeoutSeconds: 9 } });
    expect(builder.calls).toBe(1);
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { memoryMb: 256 } });
    expect(builder.calls).toBe(2);
    const larger = bench.registry.resolve(SCOPE, 'f').image;
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { handler: 'index.other' } });
    expect(bench.registry.resolve(SCOPE, 'f').image).not.toBe(larger);
    expect(bench.registry.resolve(SCOPE, 'f').image).not.toBe(image);
  });

  it('says where more memory than WebAssembly has was asked for', async () => {
    const created = await bench.registry.create(SCOPE, 'f', createInput({ memoryMb: 10_240 }));
    expect(created.latest.stateReason?.text).toContain('the function has 4096 MB');
    expect((await bench.registry.get(SCOPE, 'f')).latest.stateReason?.text).toContain('the function has 4096 MB');
    expect((await bench.registry.load(bench.registry.resolve(SCOPE, 'f'))).manifest.memories[0]?.maxPages).toBe(65_536);
  });

  it.each<[string, Record<string, string>]>([
    ['reserved', { AWS_REGION: 'x' }],
    ['4KB limit', { BIG: 'x'.repeat(4_096) }],
    ['ISOLA_ISOLATION=never', { ISOLA_ISOLATION: 'never' }],
    ['ISOLA_WARM_UP is not usable', { ISOLA_WARM_UP: '{' }],
    ['ISOLA_FUEL=0', { ISOLA_FUEL: '0' }],
    ['ISOLA_FUEL=1e9', { ISOLA_FUEL: '1e9' }],
    ['ISOLA_FUEL=99999999999999999999', { ISOLA_FUEL: '99999999999999999999' }],
    ['ISOLA_FULE is not a setting', { ISOLA_FULE: '1' }],
  ])('refuses an environment: %s', async (message, environment) => {
    await expect(bench.registry.create(SCOPE, 'f', createInput({ environment }))).rejects.toThrow(message);
  });

  it('tells which version was replaced, and still loads it for calls in flight', async () => {
    const replaced: FunctionVersion[] = [];
    bench.registry.onChange((version) => replaced.push(version));
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.get(SCOPE, 'f');
    const old = bench.registry.resolve(SCOPE, 'f');
    await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
    expect(replaced).toEqual([old]);
    expect(bench.registry.resolve(SCOPE, 'f').revision).not.toBe(old.revision);
    expect(Buffer.from((await bench.registry.load(old)).code).toString()).toContain('one');
    await bench.registry.delete(SCOPE, 'f');
    expect(replaced).toHaveLength(2);
  });

  it('tells nothing while another version still runs the image', async () => {
    const replaced: FunctionVersion[] = [];
    bench.registry.onChange((version) => replaced.push(version));
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.create(SCOPE, 'g', createInput());
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'x' } });
    await bench.registry.delete(SCOPE, 'f');
    expect(replaced).toEqual([]);
    await bench.registry.delete(SCOPE, 'g');
    expect(replaced.map((version) => version.name)).toEqual(['g']);
  });

  it('keeps packages apart that hold the same module beside other files', async () => {
    for (const name of ['f', 'g']) {
      const zip = await zipOf({ bootstrap: moduleOf('wasi_snapshot_preview1'), 'data.txt': name });
      await bench.registry.create(SCOPE, name, { ...createInput(), package: zip });
    }
    const [f, g] = ['f', 'g'].map((name) => bench.registry.resolve(SCOPE, name)) as [FunctionVersion, FunctionVersion];
    expect(f.artifact).toBe(g.artifact);
    expect(f.image).not.toBe(g.image);
    expect(Buffer.from((await bench.registry.load(g)).files.get('data.txt') ?? []).toString()).toBe('g');
    expect(builder.files).toEqual(['bootstrap', 'data.txt']);
  });

  it('deletes a function once, with its URL', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    const { urlId } = await bench.registry.urls.create(SCOPE, 'f', undefined, {
      authType: 'NONE',
      invokeMode: 'BUFFERED',
    });
    expect(bench.registry.resolveUrl(urlId)).toMatchObject({
      urlId,
      scope: SCOPE,
      authType: 'NONE',
      target: { arn: ARN },
    });
    expect(bench.registry.resolveUrlOf(SCOPE, 'f:$LATEST')?.config.urlId).toBe(urlId);
    await expect(bench.registry.delete(SCOPE, 'f', '$LATEST')).rejects.toThrow('cannot be deleted without');
    await bench.registry.delete(SCOPE, 'f');
    await expect(bench.registry.delete(SCOPE, 'f')).rejects.toThrow('Function not found');
    expect(bench.registry.resolveUrl(urlId)).toBeUndefined();
  });

  describe('after a crash', () => {
    it('has everything that was acknowledged, and a URL keeps its id', async () => {
      await bench.registry.create(SCOPE, 'f', createInput({ environment: { ISOLA_ISOLATION: 'environment' } }));
      const url = await bench.registry.urls.create(SCOPE, 'f', undefined, {
        authType: 'AWS_IAM',
        invokeMode: 'BUFFERED',
      });
      const again = await bench.reopen();
      expect(await again.get(SCOPE, 'f')).toEqual(await bench.registry.get(SCOPE, 'f'));
      expect(again.resolve(SCOPE, 'f')).toEqual(bench.registry.resolve(SCOPE, 'f'));
      expect(again.resolveUrl(url.urlId)?.config).toEqual(url);
      expect(builder.calls).toBe(1);
    });

    it('serves from disk without building', async () => {
      await bench.registry.create(SCOPE, 'f', createInput({}, 'wasi_snapshot_preview1'));
      const again = await bench.reopen();
      const loaded = await again.load(again.resolve(SCOPE, 'f'));
      expect(builder.calls).toBe(1);
      expect(Buffer.from(loaded.code).toString()).toMatch(/^v1:/);
      expect(loaded.image?.[9]).toBe(7);
      expect([...loaded.files.keys()]).toEqual(['bootstrap.wasm']);
    });

    it('builds again what another rewriter built', async () => {
      await bench.registry.create(SCOPE, 'f', createInput());
      const again = await bench.reopen({ build: createBuilder('2'), rewriterVersion: '2' });
      expect(again.resolve(SCOPE, 'f').artifact).not.toBe(bench.registry.resolve(SCOPE, 'f').artifact);
      expect(Buffer.from((await again.load(again.resolve(SCOPE, 'f'))).code).toString()).toMatch(/^v2:/);
    });

    it('fails a function that the new rewriter refuses, and new code leads out of it', async () => {
      await bench.registry.create(SCOPE, 'f', createInput());
      const refusing = async () => ({ kind: 'refused', message: 'No longer.' }) as const;
      const worse = await bench.reopen({ build: refusing, rewriterVersion: '2' });
      expect((await worse.get(SCOPE, 'f')).latest).toMatchObject({
        state: 'Failed',
        stateReason: { text: 'No longer.' },
      });
      expect(() => worse.resolve(SCOPE, 'f')).toThrow('currently in the following state: Failed');
      const change = worse.updateSettings(SCOPE, 'f', { settings: { description: 'x' } });
      await expect(change).rejects.toThrow('No longer.');
      const better = await bench.reopen({ build: createBuilder('3'), rewriterVersion: '3' });
      await better.updateCode(SCOPE, 'f', { package: moduleOf('two') });
      expect((await better.get(SCOPE, 'f')).latest.state).toBe('Active');
    });

    it('reads a function when it is asked for, before the others, and builds it once', async () => {
      for (const name of ['f', 'g']) await bench.registry.create(SCOPE, name, createInput());
      const { urlId } = await bench.registry.urls.create(SCOPE, 'g', undefined, {
        ...{ authType: 'NONE', invokeMode: 'BUFFERED' },
      });
      const other = createBuilder('2');
      const { registry, close } = openRegistry(bench.directory, { build: other, rewriterVersion: '2' });
      const reading = [
        registry.ready(SCOPE, 'f'),
        registry.ready(SCOPE, 'arn:aws:lambda:us-east-1:000000000000:function:f'),
      ];
      await Promise.all(reading);
      expect(registry.resolve(SCOPE, 'f').name).toBe('f');
      expect(registry.resolveUrl(urlId)).toBeUndefined();
      expect(registry.ready(SCOPE, 'f')).toBeUndefined();
      await registry.ready();
      expect(registry.resolveUrl(urlId)?.target.name).toBe('g');
      expect(registry.ready(SCOPE, 'nobody')).toBeUndefined();
      expect(other.calls).toBe(2);
      close();
    });

    it('sweeps blobs that no function uses', async () => {
      await bench.registry.create(SCOPE, 'f', createInput());
      const old = await bench.registry.get(SCOPE, 'f');
      await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
      const { package: gone } = old.latest.code;
      const again = await bench.reopen();
      expect(readdirSync(join(bench.directory, 'blobs', gone.slice(0, 2)))).not.toContain(gone);
      await expect(again.load(again.resolve(SCOPE, 'f'))).resolves.toBeDefined();
    });
  });

  describe.each(['module', 'manifest', 'image'] as const)('when the stored %s', (part) => {
    const pathOf = async () => {
      const hash = ((await bench.registry.get(SCOPE, 'f')).latest.code as BuiltRecord)[part] as string;
      return join(bench.directory, 'blobs', hash.slice(0, 2), hash);
    };
    it.each([
      ['is damaged', (path: string) => writeFileSync(path, 'x')],
      ['is gone', (path: string) => rmSync(path)],
    ])('%s, builds it again from the package and says so', async (_, spoil) => {
      await bench.registry.create(SCOPE, 'f', createInput());
      spoil(await pathOf());
      const loaded = await bench.registry.load(bench.registry.resolve(SCOPE, 'f'));
      expect(loaded.image?.[9]).toBe(7);
      expect(bench.noticed.join()).toMatch(
        new RegExp(`^The ${part} is (corrupt|missing) on disk; building artifact .* again.$`),
      );
      expect(builder.calls).toBe(2);
    });
  });

  it('says so when the package itself is damaged', async () => {
    await bench.registry.create(SCOPE, 'f', createInput());
    rmSync(join(bench.directory, 'blobs'), { recursive: true });
    const failure = bench.registry.load(bench.registry.resolve(SCOPE, 'f')).catch((error: LambdaError) => error.code);
    expect(await failure).toBe('ServiceException');
    expect(bench.noticed.join()).toContain('deploy its function again');
  });
});
