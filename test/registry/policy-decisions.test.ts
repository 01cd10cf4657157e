import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceCaller } from '../../runtime/registry/policy-decisions.ts';
import type { Grant } from '../../runtime/registry/policy-statement.ts';
import { createInput, createWorkbench, SCOPE, type Workbench } from './fixture.ts';

const ANYONE: Grant = {
  statementId: 'anyone',
  principal: '*',
  action: 'lambda:InvokeFunctionUrl',
  functionUrlAuthType: 'NONE',
};
const WHATEVER: Grant = { statementId: 'anyone', principal: '*', action: 'lambda:InvokeFunctionUrl' };
const S3: Grant = { statementId: 's3', principal: 's3.amazonaws.com', action: 'lambda:InvokeFunction' };
const PHOTOS = 'arn:aws:s3:::photos';
const OURS = { sourceArn: PHOTOS, sourceAccount: '000000000000' };

describe('resource policies decide', () => {
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
  const may = (caller: ServiceCaller, qualifier?: string) =>
    bench.registry.decisions.mayService(SCOPE, 'f', qualifier, caller);

  it('that nobody is let in where there is none', async () => {
    expect([isPublic(), isPublic('live')]).toEqual([false, false]);
    expect(await may({ service: 's3.amazonaws.com' })).toBe(false);
    expect(await bench.registry.decisions.mayService(SCOPE, 'gone', undefined, { service: 's3.amazonaws.com' })).toBe(
      false,
    );
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
    ['everyone to Invoke', [{ ...S3, principal: '*' }], false],
    ['both statements that new URLs need', [ANYONE, { ...S3, principal: '*', invokedViaFunctionUrl: true }], true],
    ['the second of them alone', [{ ...S3, principal: '*', invokedViaFunctionUrl: true }], false],
  ])('on visitors without a signature by a grant to %s', async (_what, grants, expected) => {
    for (const grant of grants) await add(grant);
    expect(isPublic()).toBe(expected);
  });

  it.each<[Partial<Grant>, ServiceCaller, boolean]>([
    [{}, { service: 's3.amazonaws.com' }, true],
    [{}, { service: 'sns.amazonaws.com' }, false],
    [OURS, { service: 's3.amazonaws.com', ...OURS }, true],
    [OURS, { service: 's3.amazonaws.com', sourceArn: PHOTOS }, false],
    [OURS, { service: 's3.amazonaws.com', ...OURS, sourceAccount: '111111111111' }, false],
    [OURS, { service: 's3.amazonaws.com', ...OURS, sourceArn: `${PHOTOS}-2` }, false],
    [{ sourceArn: 'arn:aws:s3:::*' }, { service: 's3.amazonaws.com', ...OURS }, true],
    [{ action: 'lambda:*' }, { service: 's3.amazonaws.com' }, true],
    [{ action: 'lambda:GetFunction' }, { service: 's3.amazonaws.com' }, false],
    [{ principal: '*', sourceArn: PHOTOS }, { service: 's3.amazonaws.com', ...OURS }, true],
  ])('by a grant with %j on %j: %s', async (grant, caller, expected) => {
    await add({ ...S3, ...grant });
    expect(await may(caller)).toBe(expected);
    expect(await may(caller, '$LATEST')).toBe(expected);
    expect(await may(caller, 'live')).toBe(false);
  });
});
