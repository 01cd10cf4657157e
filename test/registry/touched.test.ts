import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';

const URL_SETTINGS = { authType: 'NONE', invokeMode: 'BUFFERED' } as const;

describe('a listener for what calls depend on', () => {
  let bench: Workbench;
  const told: string[] = [];
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.versions.publish(SCOPE, 'f', {});
    bench.registry.onTouched(({ name }) => told.push(name));
  });
  afterEach(() => bench.dispose());

  const alias = { version: '1', weights: {}, description: '' };

  it('is told of a change before whoever makes it is answered', async () => {
    const { registry } = bench;
    const changes: [string, () => Promise<unknown>][] = [
      ['create', () => registry.create(SCOPE, 'f2', createInput())],
      ['code', () => registry.updateCode(SCOPE, 'f', { package: moduleOf('two') })],
      ['settings', () => registry.updateSettings(SCOPE, 'f', { settings: { memoryMb: 256 } } as never)],
      ['publish', () => registry.versions.publish(SCOPE, 'f', {})],
      ['alias', () => registry.aliases.create(SCOPE, 'f', 'live', alias)],
      ['url', () => registry.urls.create(SCOPE, 'f', 'live', URL_SETTINGS)],
      ['url settings', () => registry.urls.update(SCOPE, 'f', 'live', { authType: 'AWS_IAM' })],
      ['reservation', () => registry.reserved.put(SCOPE, 'f', 1)],
      ['no reservation', () => registry.reserved.delete(SCOPE, 'f')],
      ['url gone', () => registry.urls.delete(SCOPE, 'f', 'live')],
      ['alias gone', () => registry.aliases.delete(SCOPE, 'f', 'live')],
      ['gone', () => registry.delete(SCOPE, 'f')],
    ];
    for (const [what, change] of changes) {
      told.length = 0;
      await change();
      // The state of one that was created before may settle meanwhile.
      expect([what, ...told]).toContain(what === 'create' ? 'f2' : 'f');
    }
  });

  it('can see which calls are neither counted nor drawn', async () => {
    const { registry } = bench;
    const isUncounted = (name: string) => registry.isUncounted(SCOPE, 'f', name);
    await registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
    await registry.versions.publish(SCOPE, 'f', {});
    await registry.aliases.create(SCOPE, 'f', 'plain', alias);
    await registry.aliases.create(SCOPE, 'f', 'shared', { ...alias, weights: { 2: 0.5 } });
    expect(['$LATEST', '1', 'plain', 'shared'].map(isUncounted)).toEqual([true, true, true, false]);
    await registry.reserved.put(SCOPE, 'f', 1);
    expect(isUncounted('plain')).toBe(false);
    await registry.reserved.delete(SCOPE, 'f');
    await registry.provisioned.put(SCOPE, 'f', '2', 1);
    expect(isUncounted('1')).toBe(false);
  });
});
