import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeOf, SDK_OPERATIONS } from '../gateway/lambda-api/sdk-routes.ts';
import { exchange } from '../support/exchange.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

describe("the SDK's operations", () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_AUTH: 'off', ISOLA_THREADS: '1' });
  });
  afterAll(() => isola.stop());

  it('are 88', () => {
    expect(SDK_OPERATIONS).toHaveLength(88);
  });

  it.each(SDK_OPERATIONS)('%s is answered, with and without a slash at the end', async (name) => {
    const { method, path } = routeOf(name);
    const [route, query] = path.split('?');
    for (const slash of ['', '/']) {
      const target = `${route}${slash}${query === undefined ? '' : `?${query}`}`;
      const { status, headers } = await exchange(isola.url, { method, path: target, headers: { host: 'isola.test' } });
      expect(headers['x-amzn-requestid']).toBeDefined();
      expect(headers['x-amzn-errortype']).not.toBe('UnknownOperationException');
      expect(status).toBeLessThan(500);
    }
  });
});
