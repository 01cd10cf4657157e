import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageError } from '../../runtime/contract/storage-error.ts';
import { LATEST } from '../../runtime/registry/function-name.ts';
import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from './fixture.ts';

const VERSION = { version: '1', weights: {}, description: '' };
const URL_SETTINGS = { authType: 'NONE', invokeMode: 'BUFFERED' } as const;

describe('a change whose end cannot be stored', () => {
  it('runs all the same, after a start too', async () => {
    const bench = await createWorkbench();
    vi.spyOn(SqliteRegistryStore.prototype, 'updateVersion').mockRejectedValueOnce(new StorageError('full', ''));
    await bench.registry.create(SCOPE, 'f', createInput());
    expect((await bench.registry.get(SCOPE, 'f')).latest).toMatchObject({ state: 'Active' });
    expect(bench.noticed.at(-1)).toContain('There is no room on the disk');
    expect((await (await bench.reopen()).get(SCOPE, 'f')).latest).toMatchObject({ state: 'Active' });
    bench.dispose();
  });

  it('keeps no later change from being made', async () => {
    const bench = await createWorkbench();
    vi.spyOn(SqliteRegistryStore.prototype, 'updateVersion').mockRejectedValueOnce(new StorageError('full', ''));
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { description: 'next' } });
    const { latest } = await (await bench.reopen()).get(SCOPE, 'f');
    expect(latest).toMatchObject({ description: 'next', state: 'Active', lastUpdateStatus: 'Successful' });
    bench.dispose();
  });
});

describe('changes of one function that come together', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.versions.publish(SCOPE, 'f', {});
  });
  afterEach(() => bench.dispose());

  it('are all made, those of each kind', async () => {
    const { registry } = bench;
    const statement = { statementId: 's', action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com' };
    await Promise.all([
      registry.changeTags(SCOPE, 'f', () => ({ n: '1' })),
      registry.updateSettings(SCOPE, 'f', { settings: { description: 'one' } }),
      registry.policies.add(SCOPE, 'f', undefined, statement),
      registry.aliases.create(SCOPE, 'f', 'live', VERSION),
      registry.urls.create(SCOPE, 'f', undefined, URL_SETTINGS),
      registry.reserved.put(SCOPE, 'f', 5),
      registry.changeTags(SCOPE, 'f', (tags) => ({ ...tags, m: '2' })),
      registry.updateSettings(SCOPE, 'f', { settings: { timeoutSeconds: 7 } }),
    ]);
    for (const each of [registry, await bench.reopen()]) {
      const { latest, tags } = await each.get(SCOPE, 'f');
      expect(latest).toMatchObject({ description: 'one', timeoutSeconds: 7, lastUpdateStatus: 'Successful' });
      expect(tags).toEqual({ n: '1', m: '2' });
      expect(each.policies.get(SCOPE, 'f', undefined).document.Statement).toHaveLength(1);
      expect(each.aliases.get(SCOPE, 'f', 'live').version).toBe('1');
      expect(each.urls.get(SCOPE, 'f', undefined).qualifier).toBe(LATEST);
      expect(each.reserved.get(SCOPE, 'f')).toBe(5);
    }
  });

  it('leave no URL of an alias that goes, nor an alias of a version that goes', async () => {
    const { registry } = bench;
    await registry.aliases.create(SCOPE, 'f', 'live', VERSION);
    const [url] = await Promise.allSettled([
      registry.urls.create(SCOPE, 'f', 'live', URL_SETTINGS),
      registry.aliases.delete(SCOPE, 'f', 'live'),
    ]);
    expect(url.status).toBe('fulfilled');
    const [, , late] = await Promise.allSettled([
      registry.aliases.create(SCOPE, 'f', 'live', VERSION),
      registry.aliases.delete(SCOPE, 'f', 'live'),
      registry.urls.create(SCOPE, 'f', 'live', URL_SETTINGS),
    ]);
    expect(late).toMatchObject({ status: 'rejected', reason: { code: 'ResourceNotFoundException' } });
    const [gone, alias] = await Promise.allSettled([
      registry.delete(SCOPE, 'f', '1'),
      registry.aliases.create(SCOPE, 'f', 'live', VERSION),
    ]);
    expect([gone.status, alias.status]).toEqual(['fulfilled', 'rejected']);
    for (const each of [registry, await bench.reopen()]) {
      expect(each.urls.list(SCOPE, 'f')).toEqual([]);
      expect(each.aliases.list(SCOPE, 'f')).toEqual([]);
    }
  });

  it('keep each part of a URL that one of them changes', async () => {
    const { registry } = bench;
    await registry.urls.create(SCOPE, 'f', undefined, URL_SETTINGS);
    await Promise.all([
      registry.urls.update(SCOPE, 'f', undefined, { authType: 'AWS_IAM' }),
      registry.urls.update(SCOPE, 'f', undefined, { invokeMode: 'RESPONSE_STREAM' }),
    ]);
    const changed = { authType: 'AWS_IAM', invokeMode: 'RESPONSE_STREAM' };
    expect(registry.urls.get(SCOPE, 'f', undefined)).toMatchObject(changed);
    expect((await bench.reopen()).urls.get(SCOPE, 'f', undefined)).toMatchObject(changed);
  });

  it('provision no more in all than there is room for', async () => {
    const { registry } = bench;
    await registry.aliases.create(SCOPE, 'f', 'live', VERSION);
    await registry.create(SCOPE, 'g', createInput({}, 'two'));
    await registry.versions.publish(SCOPE, 'g', {});
    const answers = await Promise.allSettled([
      registry.provisioned.put(SCOPE, 'f', 'live', 6),
      registry.provisioned.put(SCOPE, 'g', '1', 6),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
