import { describe, expect, it } from 'vitest';
import type { Attachment } from '../../runtime/store/attachment-record.ts';
import type {
  AliasRecord,
  FunctionKey,
  FunctionRecord,
  StoredFunction,
  UrlConfigRecord,
  VersionRecord,
} from '../../runtime/store/function-record.ts';
import type { RegistryStore } from '../../runtime/store/registry-store.ts';
import type { OpenStore } from './open-store.ts';

const KEY: FunctionKey = { accountId: '000000000000', region: 'us-east-1', name: 'thumbnail' };

export function version(revisionId: string, more: Partial<VersionRecord> = {}): VersionRecord {
  return {
    version: '$LATEST',
    revisionId,
    lastModified: 1_586_545_592_563,
    state: 'Active',
    role: 'arn:aws:iam::000000000000:role/r',
    runtime: 'provided.wasm',
    handler: 'index.handler',
    description: 'größer, "quoted" and \u{1F600}',
    timeoutSeconds: 3,
    memoryMb: 128,
    ephemeralStorageMb: 512,
    architecture: 'x86_64',
    environment: { ['__proto__']: 'kept', NAME: 'value' },
    tracingMode: 'PassThrough',
    snapStart: 'None',
    logging: { format: 'Text', group: '/aws/lambda/thumbnail' },
    code: { package: 'a', packageBytes: 1, artifact: 'b', rewriterVersion: '1', manifest: 'c', module: 'd' },
    ...more,
  };
}

function record(key: Partial<FunctionKey> = {}): FunctionRecord {
  return { ...KEY, ...key, tags: { team: 'images' }, latest: version('r1') };
}

function stored(): Omit<StoredFunction, 'urlConfigs'> {
  return { record: record(), published: [], lastPublished: 0, aliases: [], attached: [] };
}

function alias(name: string, more: Partial<AliasRecord> = {}): AliasRecord {
  return { ...KEY, alias: name, version: '1', weights: { 2: 0.25 }, description: 'ä', revisionId: 'a1', ...more };
}

function urlConfig(urlId: string, more: Partial<UrlConfigRecord> = {}): UrlConfigRecord {
  return {
    ...KEY,
    urlId,
    qualifier: '$LATEST',
    authType: 'NONE',
    invokeMode: 'BUFFERED',
    cors: { allowOrigins: ['*'] },
    createdAt: 1,
    modifiedAt: 2,
    ...more,
  };
}

/** Everything, read in pages of two. */
async function whole(
  store: RegistryStore,
): Promise<{ functions: Omit<StoredFunction, 'urlConfigs'>[]; urlConfigs: UrlConfigRecord[] }> {
  const stored: StoredFunction[] = [];
  for (let page = await store.page(undefined, 2); page.length > 0; page = await store.page(page.at(-1)?.record, 2)) {
    stored.push(...page);
  }
  return {
    functions: stored.map(({ urlConfigs: _, ...owned }) => owned),
    urlConfigs: stored.flatMap(({ urlConfigs }) => urlConfigs),
  };
}

export function registryStoreConformance(name: string, open: OpenStore<RegistryStore>): void {
  describe(`registry store: ${name}`, () => {
    it('starts empty', async () => {
      expect(await whole(open().store)).toEqual({ functions: [], urlConfigs: [] });
    });

    it('gives back what was put, byte for byte, and again after it was reopened', async () => {
      const { store, reopen } = open();
      expect(await store.createFunction(record())).toBe('stored');
      expect(await store.createUrlConfig(urlConfig('u1'))).toBe('stored');
      expect(await store.publishVersion(KEY, version('r2', { version: '1' }))).toBe('stored');
      expect(await store.createAlias(alias('live'))).toBe('stored');
      const published = [version('r2', { version: '1' })];
      const everything = {
        functions: [{ ...stored(), published, lastPublished: 1, aliases: [alias('live')] }],
        urlConfigs: [urlConfig('u1')],
      };
      expect(await whole(store)).toEqual(everything);
      if (reopen) expect(await whole(await reopen())).toEqual(everything);
    });

    it('finds one function with its URLs', async () => {
      const { store } = open();
      await store.createFunction(record());
      await store.createFunction(record({ name: 'other' }));
      for (const qualifier of ['live', '$LATEST']) await store.createUrlConfig(urlConfig(qualifier, { qualifier }));
      const found = await store.find(KEY);
      expect(found?.record).toEqual(record());
      expect(found?.urlConfigs.map((each) => each.qualifier)).toEqual(['$LATEST', 'live']);
      expect((await store.find({ ...KEY, name: 'other' }))?.urlConfigs).toEqual([]);
      expect(await store.find({ ...KEY, region: 'eu-west-1' })).toBeUndefined();
    });

    it('names the functions of an account and region, and tells which have a URL', async () => {
      const { store } = open();
      for (const name of ['b', 'a']) await store.createFunction(record({ name }));
      await store.createFunction(record({ region: 'eu-west-1' }));
      await store.createUrlConfig(urlConfig('u1', { name: 'b' }));
      expect(await store.listNames(KEY, 1)).toEqual([{ name: 'a', hasUrl: false }]);
      expect(await store.listNames(KEY, 9)).toEqual([
        { name: 'a', hasUrl: false },
        { name: 'b', hasUrl: true },
      ]);
    });

    it('keeps functions of the same name apart by region and by account', async () => {
      const { store } = open();
      const records = [record(), record({ region: 'eu-west-1' }), record({ accountId: '111111111111' })];
      for (const each of records) expect(await store.createFunction(each)).toBe('stored');
      await store.updateVersion(KEY, version('r2'), 'r1');
      await store.deleteFunction({ ...KEY, accountId: '111111111111' });
      const { functions } = await whole(store);
      expect(functions.map((each) => [each.record.region, each.record.latest.revisionId])).toEqual([
        ['eu-west-1', 'r1'],
        ['us-east-1', 'r2'],
      ]);
    });

    it('does not touch a function that exists when one is created under its key', async () => {
      const { store } = open();
      await store.createFunction(record());
      expect(await store.createFunction({ ...record(), tags: {}, latest: version('r9') })).toBe('exists');
      expect((await whole(store)).functions).toEqual([stored()]);
    });

    it('replaces tags of a function that exists', async () => {
      const { store } = open();
      expect(await store.updateTags(KEY, { a: 'b' })).toBe('missing');
      await store.createFunction(record());
      expect(await store.updateTags(KEY, { ['__proto__']: 'kept' })).toBe('stored');
      expect((await whole(store)).functions[0]?.record).toEqual({ ...record(), tags: { ['__proto__']: 'kept' } });
    });

    it('updates a version only from the revision that the writer has seen', async () => {
      const { store } = open();
      await store.createFunction(record());
      expect(await store.updateVersion(KEY, version('r2', { memoryMb: 256 }), 'r1')).toBe('stored');
      expect(await store.updateVersion(KEY, version('r3', { memoryMb: 512 }), 'r1')).toBe('stale');
      expect(await store.updateVersion({ ...KEY, name: 'other' }, version('r3'), 'r1')).toBe('stale');
      expect((await whole(store)).functions[0]?.record.latest).toEqual(version('r2', { memoryMb: 256 }));
    });

    it('lets only one of two writers with the same revision win', async () => {
      const { store } = open();
      await store.createFunction(record());
      const answers = await Promise.all(['a', 'b'].map((id) => store.updateVersion(KEY, version(id), 'r1')));
      expect(answers.sort()).toEqual(['stale', 'stored']);
    });

    it('deletes a function with its URLs, once', async () => {
      const { store } = open();
      await store.createFunction(record());
      await store.createUrlConfig(urlConfig('u1'));
      expect(await store.deleteFunction(KEY)).toBe('deleted');
      expect(await store.deleteFunction(KEY)).toBe('missing');
      expect(await whole(store)).toEqual({ functions: [], urlConfigs: [] });
    });

    it('gives each version number once, also after its version is gone', async () => {
      const { store } = open();
      expect(await store.publishVersion(KEY, version('r2', { version: '1' }))).toBe('exists');
      await store.createFunction(record());
      for (const number of ['1', '2', '10']) {
        expect(await store.publishVersion(KEY, version(`v${number}`, { version: number }))).toBe('stored');
      }
      expect(await store.publishVersion(KEY, version('r3', { version: '2' }))).toBe('exists');
      expect(await store.deleteVersion(KEY, '10')).toBe('deleted');
      expect(await store.deleteVersion(KEY, '10')).toBe('missing');
      expect(await store.publishVersion(KEY, version('r3', { version: '10' }))).toBe('exists');
      const [found] = (await whole(store)).functions;
      expect(found?.published.map((each) => each.version)).toEqual(['1', '2']);
      expect(found?.lastPublished).toBe(10);
    });

    it('keeps an alias per name, changes it only from the revision seen, and takes its URL along', async () => {
      const { store } = open();
      expect(await store.createAlias(alias('live'))).toBe('missing');
      await store.createFunction(record());
      expect(await store.createAlias(alias('live'))).toBe('stored');
      expect(await store.createAlias(alias('live'))).toBe('exists');
      expect(await store.createAlias(alias('beta'))).toBe('stored');
      const next = alias('live', { version: '2', weights: {}, revisionId: 'a2' });
      expect(await store.updateAlias(next, 'a1')).toBe('stored');
      expect(await store.updateAlias(next, 'a1')).toBe('stale');
      await store.createUrlConfig(urlConfig('u1', { qualifier: 'beta' }));
      expect(await store.deleteAlias(KEY, 'beta')).toBe('deleted');
      expect(await store.deleteAlias(KEY, 'beta')).toBe('missing');
      const { functions, urlConfigs } = await whole(store);
      expect(functions[0]?.aliases).toEqual([next]);
      expect(urlConfigs).toEqual([]);
    });

    it('has one URL per function and qualifier, and none without its function', async () => {
      const { store } = open();
      expect(await store.createUrlConfig(urlConfig('u0'))).toBe('missing');
      await store.createFunction(record());
      expect(await store.createUrlConfig(urlConfig('u1'))).toBe('stored');
      expect(await store.createUrlConfig(urlConfig('u2'))).toBe('exists');
      expect(await store.createUrlConfig(urlConfig('u1', { qualifier: 'live' }))).toBe('exists');
      expect(await store.createUrlConfig(urlConfig('u3', { qualifier: 'live' }))).toBe('stored');
      expect((await whole(store)).urlConfigs.map((each) => each.urlId)).toEqual(['u1', 'u3']);
    });

    it('attaches one of a kind to a function and qualifier, which goes with them', async () => {
      const { store } = open();
      const of = (requested: number): Attachment => ({ kind: 'provisioned', requested, modifiedAt: 3 });
      const attached = async () => (await store.find(KEY))?.attached;
      expect(await store.putAttachment(KEY, '1', of(1))).toBe('missing');
      await store.createFunction(record());
      await store.createAlias(alias('live'));
      await store.publishVersion(KEY, version('r2', { version: '1' }));
      for (const [qualifier, requested] of [
        ['live', 2],
        ['1', 1],
        ['1', 5],
      ] as const) {
        expect(await store.putAttachment(KEY, qualifier, of(requested))).toBe('stored');
      }
      expect(await attached()).toEqual([
        { qualifier: '1', attachment: of(5) },
        { qualifier: 'live', attachment: of(2) },
      ]);
      await store.deleteVersion(KEY, '1');
      await store.deleteAlias(KEY, 'live');
      expect(await attached()).toEqual([]);
      await store.putAttachment(KEY, '2', of(1));
      expect(await store.deleteAttachment(KEY, '2', 'provisioned')).toBe('deleted');
      expect(await store.deleteAttachment(KEY, '2', 'provisioned')).toBe('missing');
      await store.putAttachment(KEY, '$LATEST', of(1));
      await store.deleteFunction(KEY);
      await store.createFunction(record());
      expect(await attached()).toEqual([]);
    });

    it('replaces and deletes a URL by its id', async () => {
      const { store } = open();
      await store.createFunction(record());
      await store.createUrlConfig(urlConfig('u1'));
      expect(await store.updateUrlConfig(urlConfig('u1', { authType: 'AWS_IAM' }))).toBe('stored');
      expect((await whole(store)).urlConfigs[0]?.authType).toBe('AWS_IAM');
      expect(await store.updateUrlConfig(urlConfig('u2'))).toBe('missing');
      expect(await store.deleteUrlConfig('u1')).toBe('deleted');
      expect(await store.deleteUrlConfig('u1')).toBe('missing');
    });
  });
}
