import { describe, expect, it, onTestFinished } from 'vitest';
import type { Grant } from '../../runtime/registry/policy-statement.ts';
import { explainRefusal } from '../../runtime/wiring/explain-refusal.ts';
import { createInput, createWorkbench, SCOPE } from '../registry/fixture.ts';
import { resourceJudge } from '../support/resource-judge.ts';

const S3 = 's3.amazonaws.com';
const PHOTOS = 'arn:aws:s3:::photos';
const OURS = { sourceArn: PHOTOS, sourceAccount: '000000000000' };
const GRANT: Grant = { statementId: 's3', principal: S3, action: 'lambda:InvokeFunction' };
const RESOURCE = 'arn:aws:lambda:us-east-1:000000000000:function:f';

interface Service {
  readonly name?: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

describe("a function's policy lets a service invoke it", () => {
  async function mayInvoke(grant: Partial<Grant> | undefined, service: Service, qualifier?: string): Promise<boolean> {
    const bench = await createWorkbench();
    onTestFinished(() => bench.dispose());
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.aliases.create(SCOPE, 'f', 'live', { version: '$LATEST', weights: {}, description: '' });
    if (grant) await bench.registry.policies.add(SCOPE, 'f', undefined, { ...GRANT, ...grant });
    const resource = qualifier === 'live' ? `${RESOURCE}:live` : RESOURCE;
    const policy = bench.registry.policyOf(SCOPE, 'f', qualifier);
    const sender = { kind: 'service', ...{ name: S3, ...OURS, ...service } } as const;
    return explainRefusal(resourceJudge, sender, { action: 'lambda:InvokeFunction', resource }, policy) === undefined;
  }

  it.each<[Partial<Grant> | undefined, Service, boolean]>([
    [undefined, {}, false],
    [{}, {}, true],
    [{}, { name: 'sns.amazonaws.com' }, false],
    [OURS, {}, true],
    [OURS, { sourceAccount: '111111111111' }, false],
    [OURS, { sourceArn: `${PHOTOS}-2` }, false],
    [{ sourceArn: 'arn:aws:s3:::*' }, {}, true],
    [{ action: 'lambda:*' }, {}, true],
    [{ action: 'lambda:GetFunction' }, {}, false],
    [{ principal: '*', sourceArn: PHOTOS }, {}, true],
  ])('by a grant with %j to %j: %s', async (grant, service, expected) => {
    expect(await mayInvoke(grant, service)).toBe(expected);
    expect(await mayInvoke(grant, service, '$LATEST')).toBe(expected);
    expect(await mayInvoke(grant, service, 'live')).toBe(false);
  });

  it('where the sender does not say whose the source is, if its ARN does', async () => {
    const queue = 'arn:aws:sqs:us-east-1:111122223333:q';
    const bench = await createWorkbench();
    onTestFinished(() => bench.dispose());
    await bench.registry.create(SCOPE, 'f', createInput());
    await bench.registry.policies.add(SCOPE, 'f', undefined, { ...GRANT, sourceAccount: '111122223333' });
    const policy = bench.registry.policyOf(SCOPE, 'f');
    const wish = { action: 'lambda:InvokeFunction', resource: RESOURCE };
    const refusalOf = (sourceArn: string) =>
      explainRefusal(resourceJudge, { kind: 'service', name: S3, sourceArn }, wish, policy);
    expect(refusalOf(queue)).toBeUndefined();
    expect(refusalOf(PHOTOS)).toBe(`its policy does not allow ${S3} lambda:InvokeFunction for ${PHOTOS}.`);
  });
});
