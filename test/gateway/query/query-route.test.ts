import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IAM } from '../../../runtime/gateway/iam-api/iam-service.ts';
import { STS } from '../../../runtime/gateway/sts-api/sts-service.ts';
import { DeferredIdentities } from '../../../runtime/identity/deferred-identities.ts';
import { createCipher } from '../../../runtime/store/cipher.ts';
import { createTestGateway, KEY, sign, type TestGateway } from '../fixture.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const PARAMETERS = [
  ...['RoleName', 'UserName', 'PolicyName', 'PolicyArn', 'Path', 'PolicyDocument', 'AssumeRolePolicyDocument'],
  ...['Marker', 'MaxItems', 'AccessKeyId', 'Status', 'VersionId', 'Scope', 'Tags.member.1.Key', 'TagKeys.member.1'],
];

function createIamGateway(auth: 'on' | 'off' = 'off'): TestGateway & { readonly errors: string[] } {
  const errors: string[] = [];
  const rows = new Map<string, never>();
  const identities = new DeferredIdentities({
    store: {
      list: async () => [...rows.values()],
      put: async () => undefined,
      delete: async () => 'deleted',
    },
    accountId: '000000000000',
    cipher: createCipher(new Uint8Array(32)),
    clock: Date.now,
  });
  const observer = {
    invocationEnded() {},
    invocationLogged() {},
    artifactLoaded() {},
    asyncEventEnded() {},
    threadDied() {},
    noticed: (_level: string, message: string) => void errors.push(message),
  };
  const gateway = createTestGateway({ auth, authorizer: identities, identities: () => identities.get(), observer });
  return { ...gateway, errors };
}

describe('POST /', () => {
  it('answers a form that names no operation in XML, and everything else in JSON', async () => {
    const { gateway } = createIamGateway();
    const post = (headers: Record<string, string>, body: string) =>
      gateway.request('/', { method: 'POST', headers, body });
    const form = await post(FORM, 'Action=Fly&Version=2010-05-08');
    expect([form.status, form.headers.get('content-type')]).toEqual([400, 'text/xml']);
    expect(await form.text()).toContain('<Code>InvalidAction</Code>');
    const json = await post({ 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs.X' }, '{}');
    expect([json.status, json.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
    const message = 'No operation is called Logs.X.';
    expect(await json.json()).toEqual({ __type: 'UnknownOperationException', message });
  });

  it('wants a signature for the service', async () => {
    const { gateway } = createIamGateway('on');
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const post = async (service: string, sent = body): Promise<string> => {
      const headers = await sign({ method: 'POST', path: '/', body, headers: FORM, service });
      return await (await gateway.request('/', { method: 'POST', headers, body: sent })).text();
    };
    expect(await post('sts')).toContain('<Arn>arn:aws:iam::000000000000:root</Arn>');
    expect(await post('lambda')).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect(await post('sts', body.replace('Get', 'Got'))).toContain('<Code>SignatureDoesNotMatch</Code>');
    const unsigned = await gateway.request('/', { method: 'POST', headers: FORM, body });
    expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    const stranger = { ...KEY, accessKeyId: 'AKIASOMEONEELSE' };
    const headers = await sign({ method: 'POST', path: '/', body, headers: FORM, service: 'sts', key: stranger });
    const answer = await gateway.request('/', { method: 'POST', headers, body });
    expect(await answer.text()).toContain('<Code>InvalidClientTokenId</Code>');
  });

  it('answers whatever a form says without failing', async () => {
    const { gateway, errors } = createIamGateway();
    const operations = [...IAM.operations, ...STS.operations].map(({ name }) => name);
    const parameters = fc.dictionary(
      fc.constantFrom(...PARAMETERS),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('isola', '/', '1', 'Active', '{}', '__proto__', 'arn:aws:iam::aws:policy/AdministratorAccess'),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations, 'Fly'), parameters, async (action, rest) => {
        const version = STS.operations.some(({ name }) => name === action) ? STS.version : IAM.version;
        const body = new URLSearchParams({ Action: action, Version: version, ...rest }).toString();
        const answer = await gateway.request('/', { method: 'POST', headers: FORM, body });
        const xml = await answer.text();
        expect(answer.status).toBeLessThan(500);
        expect(xml).toMatch(
          answer.status === 200 ? /^<(\w+)Response xmlns[\s\S]*<\/\1Response>\n$/ : /^<ErrorResponse /,
        );
      }),
      { numRuns: 500 },
    );
    expect(errors).toEqual([]);
  });
});
