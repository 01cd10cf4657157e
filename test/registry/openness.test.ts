import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../runtime/registry/policy-statement.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from './fixture.ts';

const ANYONE: Grant = {
  statementId: 'anyone',
  principal: '*',
  action: 'lambda:InvokeFunctionUrl',
  functionUrlAuthType: 'NONE',
};
const WHATEVER: Grant = { statementId: 'anyone', principal: '*', action: 'lambda:InvokeFunctionUrl' };
const INVOKE: Grant = { statementId: 'invoke', principal: '*', action: 'lambda:InvokeFunction' };
const PHOTOS = 'arn:aws:s3:::photos';

describe('resource policies decide who may call URLs', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await createWorkbench();
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '$LATEST', weights: {}, description: '' });
    for (const qualifier of [undefined, 'live']) {
      await bench.registry.urls.create(SCOPE, 'f', qualifier, { authType: 'NONE', invokeMode: 'BUFFERED' });
    }
  });
  afterEach(() => bench.dispose());

  const add = (grant: Grant, qualifier?: string) => bench.registry.policies.add(SCOPE, 'f', qualifier, grant);
  const isPublic = (qualifier?: string) => bench.registry.resolveUrlOf(SCOPE, 'f', qualifier)?.isPublic;

  it('that nobody is let in where there is none', async () => {
    expect([isPublic(), isPublic('live')]).toEqual([false, false]);
  });

  it('who is let in to a URL, for each qualifier apart, also after a crash', async () => {
    await add(ANYONE, 'live');
    expect([isPublic(), isPublic('live')]).toEqual([false, true]);
    expect((await bench.reopen()).resolveUrlOf(SCOPE, 'f', 'live')?.isPublic).toBe(true);
    await bench.registry.policies.remove(SCOPE, 'f', 'live', { statementId: 'anyone' });
    expect(isPublic('live')).toBe(false);
  });

  it.each<[string, Grant[], boolean]>([
    ['everyone, whatever the AuthType', [WHATEVER], true],
    ['callers with a signature', [{ ...ANYONE, functionUrlAuthType: 'AWS_IAM' }], false],
    ['one account', [{ ...ANYONE, principal: '000000000000' }], false],
    ['an organization', [{ ...ANYONE, principalOrgId: 'o-abcdefghij' }], false],
    ['what comes from somewhere', [{ ...ANYONE, sourceArn: PHOTOS }], false],
    ['everyone to Invoke', [INVOKE], false],
    ['both statements that new URLs need', [ANYONE, { ...INVOKE, invokedViaFunctionUrl: true }], true],
    ['the second of them alone', [{ ...INVOKE, invokedViaFunctionUrl: true }], false],
  ])('on visitors without a signature by a grant to %s', async (_what, grants, expected) => {
    for (const grant of grants) await add(grant);
    expect(isPublic()).toBe(expected);
  });
});
