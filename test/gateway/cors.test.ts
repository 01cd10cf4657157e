import { describe, expect, it } from 'vitest';
import type { UrlTarget } from '../../runtime/gateway/index.ts';
import { createTestGateway, type Setup, succeeded } from './fixture.ts';

const HERE = 'https://here.example';
const CORS: NonNullable<UrlTarget['cors']> = {
  allowOrigins: [HERE],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type', 'x-key'],
  exposeHeaders: ['x-cost', 'date'],
  maxAge: 300,
};

function preflight(setup: Setup, headers: Record<string, string>) {
  const { gateway, invocations } = createTestGateway(setup);
  const asked = { 'access-control-request-method': 'POST', ...headers };
  return { answer: gateway.request('/url/hello/x', { method: 'OPTIONS', headers: asked }), invocations };
}

function visit(setup: Setup, headers: Record<string, string> = { origin: HERE }) {
  return createTestGateway(setup).gateway.request('/url/hello', { headers });
}

function accessControl(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));
}

describe('a preflight', () => {
  it('is answered from the configuration, without the function and without a signature', async () => {
    const { answer, invocations } = preflight({ cors: CORS, urlAuth: 'AWS_IAM', auth: 'on' }, { origin: HERE });
    const response = await answer;
    expect(response.status).toBe(200);
    expect(accessControl(response)).toEqual({
      'access-control-allow-origin': HERE,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type,x-key',
      'access-control-max-age': '300',
    });
    expect(response.headers.get('vary')).toBe('Origin');
    expect(invocations).toEqual([]);
  });

  it('from an origin that is not listed allows nothing', async () => {
    const response = await preflight({ cors: CORS }, { origin: 'https://there.example' }).answer;
    expect(response.status).toBe(200);
    expect(accessControl(response)).toEqual({});
  });

  it.each([
    ['the URL has no Cors', undefined, { origin: HERE }],
    ['it names no origin', CORS, {}],
  ])('goes to the function when %s', async (_when, cors, headers) => {
    const { answer, invocations } = preflight({ cors, outcome: succeeded('"mine"') }, headers);
    expect(await (await answer).text()).toBe('mine');
    expect(invocations).toHaveLength(1);
  });
});

describe('an answer of a function URL with Cors', () => {
  it("carries the configuration's headers in place of the function's", async () => {
    const result = {
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': 'https://evil.example', 'Access-Control-Max-Age': '1', Vary: 'Accept' },
      body: 'x',
    };
    const response = await visit({ cors: CORS, outcome: succeeded(JSON.stringify(result)) });
    expect(accessControl(response)).toEqual({
      'access-control-allow-origin': HERE,
      'access-control-expose-headers': 'x-cost,date',
    });
    expect(response.headers.get('vary')).toBe('Accept, Origin');
  });

  it('lets everyone read when the origins are *', async () => {
    const response = await visit({ cors: { allowOrigins: ['*'] } });
    expect(accessControl(response)).toEqual({ 'access-control-allow-origin': '*' });
  });

  it('names the origin when credentials are allowed, even for *', async () => {
    const response = await visit({ cors: { allowOrigins: ['*'], allowCredentials: true } });
    expect(accessControl(response)).toEqual({
      'access-control-allow-origin': HERE,
      'access-control-allow-credentials': 'true',
    });
  });

  it('tells a failure to those who may read it', async () => {
    const outcome = { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 } as const;
    const response = await visit({ cors: CORS, outcome });
    expect(response.status).toBe(429);
    expect(response.headers.get('access-control-allow-origin')).toBe(HERE);
  });

  it('allows nothing to a stranger, and says nothing when no origin is named', async () => {
    expect(accessControl(await visit({ cors: CORS }, { origin: 'https://there.example' }))).toEqual({});
    expect(accessControl(await visit({ cors: CORS }, {}))).toEqual({});
  });

  it('is left as the function made it when the URL has no Cors', async () => {
    const result = { statusCode: 200, headers: { 'access-control-allow-origin': 'https://own.example' }, body: '' };
    const response = await visit({ outcome: succeeded(JSON.stringify(result)) });
    expect(accessControl(response)).toEqual({ 'access-control-allow-origin': 'https://own.example' });
    expect(response.headers.get('vary')).toBeNull();
  });
});
