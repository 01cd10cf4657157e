import { describe, expect, it } from 'vitest';
import type { Authorizer, Principal } from '../../runtime/contract/authorizer.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { resourceJudge } from '../support/resource-judge.ts';
import { createTestGateway, KEY, REPORT, type Setup, sign, succeeded } from './fixture.ts';

const USER: Principal = {
  kind: 'user',
  accountId: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/jo',
  userId: 'AIDAJO',
  name: 'jo',
};
const authorizer: Authorizer = { ...resourceJudge, mayRole: () => false, suits: () => 'fit' };
const HOST = 'abc123.lambda-url.us-east-1.localhost:8420';

async function get(path: string, setup: Setup = {}, headers: Record<string, string> = {}) {
  const { gateway, invocations } = createTestGateway(setup);
  const response = await gateway.request(path, { headers });
  const event = invocations[0] && JSON.parse(Buffer.from(invocations[0].event).toString());
  return { response, event };
}

describe('a function URL', () => {
  it.each([
    ['by path', '/url/hello/a%2Fb/c?x=1&x=2', {}],
    ['by host', '/a%2Fb/c?x=1&x=2', { host: HOST }],
  ])('sends payload format 2.0 when reached %s', async (_how, path, headers) => {
    const { event } = await get(path, {}, headers);
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/a%2Fb/c',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      requestContext: { accountId: 'anonymous', apiId: 'abc123', domainName: 'abc123.lambda-url.us-east-1.localhost' },
    });
  });

  it.each([
    ['/url/hello', '/'],
    ['/url/hello/', '/'],
    ['/url/hello/x/', '/x/'],
  ])('shows %s as the path %s', async (path, rawPath) => {
    expect((await get(path)).event.rawPath).toBe(rawPath);
  });

  it('takes every method', async () => {
    const { gateway, invocations } = createTestGateway({ outcome: succeeded('"ok"') });
    expect((await gateway.request('/url/hello/x', { method: 'PATCH', body: 'x' })).status).toBe(200);
    expect(JSON.parse(Buffer.from(invocations[0]!.event).toString()).requestContext.http.method).toBe('PATCH');
  });

  it('writes status, headers, cookies and body of the result', async () => {
    const outcome = succeeded(
      JSON.stringify({
        statusCode: 201,
        headers: { 'X-A': 'b' },
        cookies: ['a=1', 'b=2'],
        body: 'aGk=',
        isBase64Encoded: true,
      }),
    );
    const { response } = await get('/url/hello', { outcome });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-a')).toBe('b');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('hi');
  });

  const ended = { report: REPORT, log: '' };
  it.each<[string, Outcome, number]>([
    ['a failed function', { kind: 'function-error', error: { errorType: 'E', errorMessage: 'secret' }, ...ended }, 502],
    ['a result that is not JSON', succeeded('plain secret'), 502],
    ['an injected header', succeeded('{"statusCode":200,"headers":{"a":"b\\r\\nsecret: 1"}}'), 502],
    ['a timeout', { kind: 'timed-out', cause: 'deadline', limit: 1, ...ended }, 504],
    ['a refusal', { kind: 'refused', reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: 1 }, 429],
  ])('answers %s without telling the visitor why', async (_what, outcome, status) => {
    const { response } = await get('/url/hello', { outcome });
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('secret');
    expect([...response.headers].flat().join()).not.toContain('secret');
  });

  it.each([
    ['an unknown function', '/url/nope/', {}],
    ['an unknown id', '/', { host: 'zzz.lambda-url.us-east-1.localhost' }],
    ['another region', '/', { host: 'abc123.lambda-url.eu-west-1.localhost' }],
  ])('answers 403 for %s', async (_what, path, headers) => {
    const { response } = await get(path, {}, headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toBe('{"Message":null}');
  });

  it('does not expose the API on its host', async () => {
    const { response, event } = await get('/healthz', {}, { host: HOST });
    expect(response.status).toBe(200);
    expect(event.rawPath).toBe('/healthz');
  });

  it('answers 403 and invokes nothing while no policy lets everyone in', async () => {
    const { response, event } = await get('/url/hello/x', { isPublic: false });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(await response.text()).toBe(
      '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
    );
    expect(event).toBeUndefined();
  });

  it('with AuthType AWS_IAM asks for a signature', async () => {
    const { response, event } = await get('/url/hello/x', { auth: 'on', urlAuth: 'AWS_IAM' });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(((await response.json()) as { Message: string }).Message).toMatch(/^Forbidden\./);
    expect(event).toBeUndefined();
  });

  it('with AuthType AWS_IAM tells the function who called', async () => {
    const headers = await sign({ method: 'GET', path: '/url/hello/x' });
    const { response, event } = await get('/url/hello/x', { auth: 'on', urlAuth: 'AWS_IAM' }, headers);
    expect(response.status).toBe(200);
    expect(event.requestContext).toMatchObject({
      accountId: '000000000000',
      authorizer: { iam: { accessKey: 'AKIATESTTESTTESTTEST' } },
    });
  });

  it.each<[string, string, boolean]>([
    ['arn:aws:iam::000000000000:user/jo', 'AWS_IAM', true],
    ['arn:aws:iam::000000000000:user/jo', 'NONE', false],
    ['arn:aws:iam::000000000000:user/mo', 'AWS_IAM', false],
  ])('with AuthType AWS_IAM asks the policy, here of %s for %s, about a user', async (principal, authType, isIn) => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: principal },
          Action: 'lambda:InvokeFunctionUrl',
          Resource: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
          Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': authType } },
        },
      ],
    } as const;
    const credentials = () => ({ secretAccessKey: KEY.secretAccessKey, principal: USER });
    const headers = await sign({ method: 'GET', path: '/url/hello/x' });
    const setup: Setup = { auth: 'on', urlAuth: 'AWS_IAM', credentials, authorizer, policy };
    const { response, event } = await get('/url/hello/x', setup, headers);
    expect(response.status).toBe(isIn ? 200 : 403);
    if (isIn) {
      expect(event.requestContext.authorizer.iam).toEqual({
        accessKey: KEY.accessKeyId,
        accountId: '000000000000',
        callerId: 'AIDAJO',
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: 'arn:aws:iam::000000000000:user/jo',
        userId: 'AIDAJO',
      });
    } else {
      expect(event).toBeUndefined();
      expect(await response.json()).toEqual({ Message: expect.stringMatching(/^Forbidden\./) });
      expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    }
  });
});
