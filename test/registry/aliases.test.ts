import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const TO_1 = { version: '1', weights: {}, description: '' };

describe('aliases', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    for (const mark of ['one', 'two']) {
      await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf(mark) });
      await bench.registry.versions.publish(SCOPE, 'f', {});
    }
  });
  afterEach(() => bench.dispose());

  const create = (name: string, settings = TO_1) => bench.registry.aliases.create(SCOPE, 'f', name, settings);

  it('lead to their version, and to another one after an update', async () => {
    const { revisionId } = await create('live');
    expect(bench.registry.resolve(SCOPE, 'f', 'live').version).toBe('1');
    expect(bench.registry.resolve(SCOPE, `${ARN}:live`).version).toBe('1');
    const updated = await bench.registry.aliases.update(SCOPE, 'f', 'live', { version: '2', revisionId });
    expect(bench.registry.resolve(SCOPE, 'f:live').version).toBe('2');
    expect(updated.revisionId).not.toBe(revisionId);
    await expect(bench.registry.aliases.update(SCOPE, 'f', 'live', { version: '1', revisionId })).rejects.toMatchObject(
      { code: 'PreconditionFailedException' },
    );
  });

  it('share calls by weight, anew at every call, while descriptions show the first version', async () => {
    await create('live', { ...TO_1, weights: { 2: 0.25 } });
    bench.draws.push(0, 0.2499, 0.25, 0.9999);
    const drawn = [0, 1, 2, 3].map(() => bench.registry.resolve(SCOPE, 'f', 'live').version);
    expect(drawn).toEqual(['2', '2', '1', '1']);
    bench.draws.push(0);
    expect((await bench.registry.getVersion(SCOPE, 'f', 'live')).record.version).toBe('1');
  });

  it('send all calls to the further version at weight 1, and none at 0', async () => {
    await create('all', { ...TO_1, weights: { 2: 1 } });
    await create('none', { ...TO_1, weights: { 2: 0 } });
    bench.draws.push(0.9999, 0);
    expect(bench.registry.resolve(SCOPE, 'f', 'all').version).toBe('2');
    expect(bench.registry.resolve(SCOPE, 'f', 'none').version).toBe('1');
  });

  it.each([
    ['a name of digits', '12', TO_1, 'ValidationException', "at 'name' failed"],
    ['a weight above 1', 'live', { ...TO_1, weights: { 2: 1.5 } }, 'ValidationException', 'less than or equal to 1'],
    ['another alias', 'live', { ...TO_1, version: 'beta' }, 'ValidationException', "at 'functionVersion' failed"],
    [
      'a missing version',
      'live',
      { ...TO_1, version: '9' },
      'ResourceNotFoundException',
      `Function not found: ${ARN}:9`,
    ],
    [
      'two further versions',
      'live',
      { ...TO_1, weights: { 2: 0.1, 3: 0.1 } },
      'InvalidParameterValueException',
      'Number of items in AdditionalVersionWeights cannot be greater than 1',
    ],
    [
      'a share of $LATEST',
      'live',
      { version: '$LATEST', weights: { 2: 0.1 }, description: '' },
      'InvalidParameterValueException',
      '$LATEST is not supported for an alias pointing to more than 1 version',
    ],
    [
      'its own version again',
      'live',
      { ...TO_1, weights: { 1: 0.1 } },
      'InvalidParameterValueException',
      'Function version 1 is already included in routing configuration.',
    ],
  ])('refuse %s, and nothing is kept', async (_what, name, settings, code, message) => {
    await expect(create(name, settings as typeof TO_1)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(bench.registry.aliases.list(SCOPE, 'f')).toEqual([]);
  });

  it('say of a name that is taken or missing what Lambda says', async () => {
    await create('live');
    await expect(create('live')).rejects.toThrow(`Alias already exists: ${ARN}:live`);
    expect(() => bench.registry.aliases.get(SCOPE, 'f', 'beta')).toThrow(`Cannot find alias arn: ${ARN}:beta`);
    await expect(bench.registry.aliases.update(SCOPE, 'f', 'beta', {})).rejects.toThrow(`Alias not found: ${ARN}:beta`);
    await bench.registry.aliases.delete(SCOPE, 'f', 'beta');
    await expect(bench.registry.delete(SCOPE, 'f', 'live')).rejects.toThrow('Deletion of aliases is not currently');
  });

  it('are listed by name, and by a version that they lead to', async () => {
    await create('b', { ...TO_1, weights: { 2: 0.5 } });
    await create('a');
    await create('c', { ...TO_1, version: '2' });
    const names = (version?: string) => bench.registry.aliases.list(SCOPE, 'f', version).map(({ alias }) => alias);
    expect([names(), names('1'), names('2')]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });

  it('have a URL of their own, which goes with them and stays away', async () => {
    await create('live');
    const settings = { authType: 'NONE', invokeMode: 'BUFFERED' } as const;
    const { urlId } = await bench.registry.urls.create(SCOPE, 'f', 'live', settings);
    const own = await bench.registry.urls.create(SCOPE, 'f', undefined, settings);
    expect(bench.registry.resolveUrl(urlId)?.target.version).toBe('1');
    expect(bench.registry.resolveUrlOf(SCOPE, 'f', 'live')?.urlId).toBe(urlId);
    await bench.registry.aliases.delete(SCOPE, 'f', 'live');
    const again = await bench.reopen();
    for (const registry of [bench.registry, again]) {
      expect(registry.resolveUrl(urlId)).toBeUndefined();
      expect(registry.resolveUrl(own.urlId)?.target.version).toBe('$LATEST');
    }
  });
});
