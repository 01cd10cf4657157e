import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LambdaError } from '../../runtime/contract/errors.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { createBuilder, createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

describe('published versions', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput({ timeoutSeconds: 1 }));
  });
  afterEach(() => bench.dispose());

  const publish = (input = {}) => bench.registry.versions.publish(SCOPE, 'f', input);
  const update = (mark: string) => bench.registry.updateCode(SCOPE, 'f', { package: moduleOf(mark) });
  const numbers = () => bench.registry.versions.list(SCOPE, 'f').map(({ record }) => record.version);

  it('keep code and settings while $LATEST moves on', async () => {
    expect(await publish({ description: 'first' })).toMatchObject({ version: '1', state: 'Pending' });
    await update('two');
    await bench.registry.updateSettings(SCOPE, 'f', { settings: { timeoutSeconds: 9 } });
    const found = await bench.registry.getVersion(SCOPE, 'f', '1');
    expect(found.record).toMatchObject({ state: 'Active', description: 'first', timeoutSeconds: 1 });
    const [one, latest] = ['1', '$LATEST'].map((qualifier) => bench.registry.resolve(SCOPE, 'f', qualifier));
    expect([one?.timeoutMs, latest?.timeoutMs]).toEqual([1_000, 9_000]);
    const codes = await Promise.all([one, latest].map((each) => bench.registry.load(each as FunctionVersion)));
    expect(codes[0]?.code).not.toEqual(codes[1]?.code);
  });

  it('are the same version when nothing has changed, whatever the new description', async () => {
    await publish({ description: 'first' });
    const again = await publish({ description: 'second' });
    expect(again).toMatchObject({ version: '1', description: 'first' });
    expect(again).toEqual((await bench.registry.getVersion(SCOPE, 'f:1')).record);
    await update('two');
    await update('one');
    expect((await publish()).version).toBe('1');
  });

  it('never get a number twice, and are listed behind $LATEST, oldest first', async () => {
    for (const mark of ['a', 'b', 'c']) {
      await update(mark);
      await publish();
    }
    await bench.registry.delete(SCOPE, 'f', '3');
    await publish();
    expect(numbers()).toEqual(['$LATEST', '1', '2', '4']);
  });

  it('are published only from the code and the revision that the caller expects', async () => {
    await expect(publish({ codeSha256: 'x' })).rejects.toThrow(
      /^CodeSHA256 \(x\) is different from current CodeSHA256 in \$LATEST \(.{44}\)\. Please try again/,
    );
    await expect(publish({ revisionId: 'stale' })).rejects.toMatchObject({ code: 'PreconditionFailedException' });
    const { revisionId } = (await bench.registry.get(SCOPE, 'f')).latest;
    expect((await publish({ revisionId })).version).toBe('1');
  });

  it('one publication wins where two start together', async () => {
    const answers = await Promise.allSettled([publish(), publish()]);
    const failures = answers.filter((each) => each.status === 'rejected');
    expect(failures.map((each) => (each.reason as LambdaError).code)).toEqual(['ResourceConflictException']);
    expect(numbers()).toEqual(['$LATEST', '1']);
  });

  it('are deleted alone, unless an alias leads to them', async () => {
    await publish();
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '1', weights: {}, description: '' });
    await expect(bench.registry.delete(SCOPE, 'f', '1')).rejects.toThrow(
      'Unable to delete version because the following aliases reference it: [live]',
    );
    await bench.registry.aliases.delete(SCOPE, 'f', 'live');
    await bench.registry.delete(SCOPE, 'f:1');
    await bench.registry.delete(SCOPE, 'f', '1');
    expect(() => bench.registry.resolve(SCOPE, 'f', '1')).toThrow(`Function not found: ${ARN}:1`);
    expect(bench.registry.resolve(SCOPE, 'f').version).toBe('$LATEST');
  });

  it('go with their function, and hand over to nobody of the same name', async () => {
    await publish();
    await bench.registry.delete(SCOPE, 'f');
    await bench.registry.create(SCOPE, 'f', createInput());
    expect(numbers()).toEqual(['$LATEST']);
    expect((await publish()).version).toBe('1');
  });

  it('tell of their image only when no version runs it any more', async () => {
    const told: string[] = [];
    bench.registry.onChange(({ version }) => told.push(version));
    await publish();
    await update('two');
    expect(told).toEqual([]);
    await bench.registry.delete(SCOPE, 'f', '1');
    expect(told).toEqual(['1']);
  });

  it('come back after a crash with their code, also when $LATEST has another by then', async () => {
    await publish();
    await update('two');
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '1', weights: {}, description: '' });
    const again = await bench.reopen();
    expect(again.versions.list(SCOPE, 'f')).toEqual(bench.registry.versions.list(SCOPE, 'f'));
    expect(again.resolve(SCOPE, 'f:live')).toEqual(bench.registry.resolve(SCOPE, 'f', '1'));
    expect(await again.load(again.resolve(SCOPE, 'f', 'live'))).toEqual(
      await bench.registry.load(bench.registry.resolve(SCOPE, 'f', '1')),
    );
  });

  it('are built again by a new rewriter, as $LATEST is', async () => {
    await publish();
    await update('two');
    const builder = createBuilder();
    const again = await bench.reopen({ build: builder, rewriterVersion: '2' });
    for (const { record } of again.versions.list(SCOPE, 'f')) {
      expect(record).toMatchObject({ state: 'Active', code: { rewriterVersion: '2' } });
    }
  });
});
