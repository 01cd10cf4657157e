import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LambdaError } from '../../runtime/contract/errors.ts';
import type { Grant } from '../../runtime/registry/policy-statement.ts';
import { createInput, createWorkbench, moduleOf, SCOPE, type Workbench } from './fixture.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const grantOf = (statementId: string): Grant => ({
  statementId,
  action: 'lambda:InvokeFunction',
  principal: 's3.amazonaws.com',
});

describe('resource policies', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.versions.publish(SCOPE, 'f', {});
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '1', weights: {}, description: '' });
  });
  afterEach(() => bench.dispose());

  const add = (id: string, reference = 'f', qualifier?: string, revisionId?: string) =>
    bench.registry.policies.add(SCOPE, reference, qualifier, {
      ...grantOf(id),
      ...(revisionId === undefined ? {} : { revisionId }),
    });
  const remove = (statementId: string, reference = 'f', qualifier?: string, revisionId?: string) =>
    bench.registry.policies.remove(SCOPE, reference, qualifier, {
      statementId,
      ...(revisionId === undefined ? {} : { revisionId }),
    });
  const sids = (qualifier?: string) =>
    bench.registry.policies.get(SCOPE, 'f', qualifier).document.Statement.map(({ Sid }) => Sid);
  const revision = async (qualifier?: string) =>
    (await bench.registry.getVersion(SCOPE, 'f', qualifier)).record.revisionId;

  it('keep statements in the order in which they came, and through a crash', async () => {
    for (const id of ['b', 'a', 'c']) await add(id);
    await remove('a');
    expect(sids()).toEqual(['b', 'c']);
    const { document } = bench.registry.policies.get(SCOPE, 'f', undefined);
    const reopened = await bench.reopen();
    expect(reopened.policies.get(SCOPE, 'f', undefined).document).toEqual(document);
    expect(document).toMatchObject({ Version: '2012-10-17', Id: 'default' });
  });

  it('belong to a qualifier each, and name it', async () => {
    await add('own');
    await add('one', `${ARN}:1`);
    const { Resource } = await add('live', 'f', 'live');
    expect(Resource).toBe(`${ARN}:live`);
    expect([sids(), sids('1'), sids('live')]).toEqual([['own'], ['one'], ['live']]);
  });

  it('go with what they are attached to', async () => {
    await add('live', 'f', 'live');
    await bench.registry.aliases.delete(SCOPE, 'f', 'live');
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '1', weights: {}, description: '' });
    expect(() => sids('live')).toThrow('The resource you requested does not exist.');
    await add('own');
    await bench.registry.delete(SCOPE, 'f');
    await bench.registry.create(SCOPE, 'f', createInput());
    expect(() => sids()).toThrow('The resource you requested does not exist.');
  });

  it('share their revision with the version or alias they belong to, and move it on', async () => {
    const before = await revision();
    await add('a', 'f', undefined, before);
    const after = bench.registry.policies.get(SCOPE, 'f', undefined).revisionId;
    expect(after).not.toBe(before);
    expect(await revision()).toBe(after);
    await expect(add('b', 'f', undefined, before)).rejects.toMatchObject({
      code: 'PreconditionFailedException',
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
    });
    await expect(remove('a', 'f', undefined, before)).rejects.toMatchObject({ code: 'PreconditionFailedException' });
    await remove('a', 'f', undefined, after);
    expect(await revision()).not.toBe(after);

    const alias = bench.registry.aliases.get(SCOPE, 'f', 'live').revisionId;
    await add('a', 'f', 'live', alias);
    const { revisionId } = bench.registry.aliases.get(SCOPE, 'f', 'live');
    expect(revisionId).not.toBe(alias);
    expect(bench.registry.policies.get(SCOPE, 'f', 'live').revisionId).toBe(revisionId);
    await add('a', 'f', '1', await revision('1'));
  });

  it('leave alone what runs', async () => {
    const running = bench.registry.resolve(SCOPE, 'f').revision;
    await add('a');
    expect(bench.registry.resolve(SCOPE, 'f').revision).toBe(running);
    expect((await bench.reopen()).resolve(SCOPE, 'f').revision).toBe(running);
    await bench.registry.updateCode(SCOPE, 'f', { package: moduleOf('two') });
    expect(bench.registry.resolve(SCOPE, 'f').revision).not.toBe(running);
    await add('b');
    expect((await bench.registry.versions.publish(SCOPE, 'f', {})).version).toBe('2');
    await remove('b');
    expect((await bench.registry.versions.publish(SCOPE, 'f', {})).version).toBe('2');
  });

  it('take many changes at a time', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
    await Promise.all(ids.map((id) => add(id)));
    expect(sids()).toEqual(ids);
  });

  it('end at 20,480 bytes', async () => {
    const errors: LambdaError[] = [];
    for (let i = 0; i < 200; i++) await add(`${'x'.repeat(90)}${i}`).catch((error: LambdaError) => errors.push(error));
    expect(errors.map(({ code }) => code)).toEqual(Array(200 - sids().length).fill('PolicyLengthExceededException'));
    expect(errors[0]?.message).toMatch(/^The final policy size \(\d+\) is bigger than the limit \(20480\)\.$/);
    const { document } = bench.registry.policies.get(SCOPE, 'f', undefined);
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(20_480);
    expect(JSON.stringify(document).length).toBeGreaterThan(20_000);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['$LATEST', () => add('a', 'f', '$LATEST'), 'We currently do not support adding policies for $LATEST.'],
    ['two qualifiers', () => add('a', 'f:1', '2'), 'The derived qualifier from the function name does not match'],
    ['no such function', () => add('a', 'g'), `Function not found: ${ARN.replace(/f$/, 'g')}`],
    ['no such version', () => add('a', 'f', '42'), `Function not found: ${ARN}:42`],
    ['no such alias', () => add('a', 'f', 'no'), `Cannot find alias arn: ${ARN}:no`],
    ['no possible alias', () => add('a', 'f', 'a-$-b'), `Function not found: ${ARN}:a-$-b`],
    ['a name that is none', () => add('a', 'f', 'a?b'), "at 'qualifier'"],
    ['no policy', () => remove('a'), 'No policy is associated with the given resource.'],
    ['no policy of an alias', () => remove('a', 'f', 'live'), 'No policy is associated with the given resource.'],
    ['no function', () => remove('a', 'g'), `No policy found for: ${ARN.replace(/f$/, 'g')}`],
    ['no alias', () => remove('a', 'f', 'no'), `Cannot find alias arn: ${ARN}:no`],
    ['no statement id', () => remove('a.b'), "at 'statementId'"],
  ])('refuse %s in the words of Lambda', async (_what, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  it('refuse a statement twice, and to remove one that is not there', async () => {
    await add('a');
    await expect(add('a')).rejects.toMatchObject({
      code: 'ResourceConflictException',
      message:
        'The statement id (a) provided already exists. Please provide a new statement id, or remove the existing statement.',
    });
    await expect(remove('b')).rejects.toThrow('Statement b is not found in resource policy.');
  });

  it('are what a plain list would be after any sequence of changes', async () => {
    const change = fc.record({
      kind: fc.constantFrom('add', 'remove'),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      qualifier: fc.constantFrom(undefined, '1', 'live'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        const model = new Map<string | undefined, string[]>([undefined, '1', 'live'].map((each) => [each, []]));
        for (const { kind, id, qualifier } of changes) {
          const statements = model.get(qualifier) ?? [];
          const isThere = statements.includes(id);
          const done = kind === 'add' ? add(id, 'f', qualifier) : remove(id, 'f', qualifier);
          const outcome = await done.then(
            () => 'done',
            (error: LambdaError) => error.code,
          );
          if (kind === 'add') {
            expect(outcome).toBe(isThere ? 'ResourceConflictException' : 'done');
            if (!isThere) statements.push(id);
          } else {
            expect(outcome).toBe(isThere ? 'done' : 'ResourceNotFoundException');
            if (isThere) statements.splice(statements.indexOf(id), 1);
          }
        }
        for (const [qualifier, statements] of model) {
          if (statements.length > 0) expect(sids(qualifier)).toEqual(statements);
          else expect(() => sids(qualifier)).toThrow('The resource you requested does not exist.');
          for (const id of statements) await remove(id, 'f', qualifier);
        }
      }),
      { numRuns: 40 },
    );
  });
});
