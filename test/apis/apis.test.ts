import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApisPart, openApis } from '../../runtime/apis/index.ts';
import { SqliteResourceStore } from '../../runtime/store/index.ts';
import type { ResourceStore } from '../../runtime/store/resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const QUICK = { name: 'quick', protocolType: 'HTTP', target: FUNCTION };

function open(): { readonly resources: ResourceStore; readonly reopen: () => Promise<ApisPart> } {
  const storage = openStorage(':memory:');
  onTestFinished(() => storage.close());
  const resources = new SqliteResourceStore(storage);
  let now = 1_000;
  return {
    resources,
    reopen: () =>
      openApis({
        ...{ resources, fixed: [], clock: () => now++, permits: () => false },
        fetchJson: () => Promise.reject(new Error('nobody is asked')),
      }),
  };
}

const codeOf = (refused: Promise<unknown>): Promise<unknown> =>
  refused.then(
    () => 'done',
    (error: { readonly code?: string }) => error.code,
  );

describe('APIs', () => {
  it('are the same after they were opened anew, deployments included', async () => {
    const { reopen } = open();
    const before = await reopen();
    const { apiId } = await before.apis.create(SCOPE, QUICK);
    await before.stages.create(SCOPE, apiId, { stageName: 'prod' });
    await before.stages.deploy(SCOPE, apiId, { stageName: 'prod' });
    const [route] = before.routes.list(SCOPE, apiId);
    await before.routes.delete(SCOPE, apiId, route?.routeId ?? '');
    const after = await reopen();
    expect(after.apis.list(SCOPE)).toEqual(before.apis.list(SCOPE));
    const api = after.apis.get(SCOPE, apiId);
    expect(after.live.locate(api, 'GET', '/prod/x')?.route.routeKey).toBe('$default');
    expect(after.live.locate(api, 'GET', '/x')).toBeUndefined();
  });

  it('leave nothing of deployments behind that a crash has cut off', async () => {
    const { resources, reopen } = open();
    const { apis, stages } = await reopen();
    const { apiId } = await apis.create(SCOPE, QUICK);
    const { deploymentId } = await stages.deploy(SCOPE, apiId, {});
    await apis.keepLayout(apis.get(SCOPE, apiId), 'begun');
    const other = await apis.create(SCOPE, QUICK);
    await stages.deploy(SCOPE, other.apiId, {});
    await resources.delete('http-api', { ...SCOPE, id: other.apiId });
    await reopen();
    const left = await resources.list('http-api-deployment');
    expect(left.map(({ id }) => id)).toEqual([`${apiId}.${deploymentId}`]);
  });

  it('are of one account and region alone, but found by their id', async () => {
    const { apis } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, QUICK);
    expect(() => apis.get({ ...SCOPE, region: 'eu-west-1' }, apiId)).toThrow('Invalid API identifier');
    expect(await codeOf(apis.delete({ ...SCOPE, accountId: '1'.repeat(12) }, apiId))).toBe('NotFoundException');
    expect(apis.find(apiId)?.name).toBe('quick');
  });

  it('have one route for a key, whoever asks for it at the same time', async () => {
    const { apis, routes } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, { name: 'a', protocolType: 'HTTP' });
    const made = Array.from({ length: 5 }, (_, n) => codeOf(routes.create(SCOPE, apiId, { routeKey: `GET /{p${n}}` })));
    expect((await Promise.all(made)).toSorted()).toEqual([...Array(4).fill('ConflictException'), 'done']);
    expect(routes.list(SCOPE, apiId)).toHaveLength(1);
  });

  it('have no more parts than API Gateway allows', async () => {
    const { apis, routes, stages, authorizers } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, { name: 'a', protocolType: 'HTTP' });
    const many = <T>(most: number, make: (n: number) => Promise<T>) =>
      Promise.all(Array.from({ length: most + 1 }, (_, n) => codeOf(make(n))));
    const gate = { authorizerType: 'REQUEST', authorizerUri: FUNCTION, authorizerPayloadFormatVersion: '2.0' };
    const ends = [
      await many(300, (n) => routes.create(SCOPE, apiId, { routeKey: `GET /${n}` })),
      await many(10, (n) => stages.create(SCOPE, apiId, { stageName: `s${n}` })),
      await many(10, (n) => authorizers.create(SCOPE, apiId, { ...gate, name: `a${n}` })),
    ];
    for (const codes of ends) expect(codes.filter((code) => code !== 'done')).toEqual(['TooManyRequestsException']);
  });

  it('keep deployments that stages have, and of the others the latest hundred', async () => {
    const { apis, stages, live } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, QUICK);
    await stages.create(SCOPE, apiId, { stageName: 'prod' });
    const { deploymentId } = await stages.deploy(SCOPE, apiId, { stageName: 'prod' });
    for (let each = 0; each < 120; each++) await stages.deploy(SCOPE, apiId, {});
    const kept = stages.deployments(SCOPE, apiId);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.some((each) => each.deploymentId === deploymentId)).toBe(true);
    expect(live.locate(apis.get(SCOPE, apiId), 'GET', '/prod/')).toBeDefined();
  });

  it('serve on what a stage served last when it deploys by itself no more', async () => {
    const { apis, routes, stages, live } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, { ...QUICK, routeKey: 'GET /old' });
    await stages.update(SCOPE, apiId, '$default', { autoDeploy: false });
    const [route] = routes.list(SCOPE, apiId);
    await routes.update(SCOPE, apiId, route?.routeId ?? '', { routeKey: 'GET /new' });
    const locate = (path: string) => live.locate(apis.get(SCOPE, apiId), 'GET', path) !== undefined;
    expect([locate('/old'), locate('/new')]).toEqual([true, false]);
    await stages.update(SCOPE, apiId, '$default', { autoDeploy: true });
    expect([locate('/old'), locate('/new')]).toEqual([false, true]);
  });

  it('that are not to be reached are not', async () => {
    const { apis, live } = await open().reopen();
    const { apiId } = await apis.create(SCOPE, { ...QUICK, disableExecuteApiEndpoint: true });
    expect(live.find(apiId)).toBeUndefined();
    await apis.update(SCOPE, apiId, { disableExecuteApiEndpoint: false });
    expect([live.find(apiId)?.apiId, live.find(apiId, 'eu-west-1')]).toEqual([apiId, undefined]);
  });
});
