import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { onTestFinished } from 'vitest';
import type { AsyncInvocation } from '../../runtime/contract/async-invocation.ts';
import type { Authorizer, Principal } from '../../runtime/contract/authorizer.ts';
import { LambdaError } from '../../runtime/contract/errors.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import type { Outcome, Report } from '../../runtime/contract/outcome.ts';
import { NodeSha256 } from '../../runtime/gateway/auth/node-sha256.ts';
import { Connections } from '../../runtime/gateway/connections.ts';
import { createApps, type GatewayDeps, type Operation, type UrlTarget } from '../../runtime/gateway/index.ts';
import { createHttpServer, type HttpServer } from '../../runtime/gateway/server.ts';
import { exchange } from '../support/exchange.ts';
import { toFunctionVersion } from '../support/function-version.ts';

export const KEY: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: 'AKIATESTTESTTESTTEST',
  secretAccessKey: 'secret'.repeat(6),
};
export const ROOT: Principal = { kind: 'root', accountId: '000000000000' };
/** Lets root do everything, and nobody else anything. */
export const ROOT_ONLY: Authorizer = {
  ready: () => undefined,
  judge: ({ principal }) => ({ decision: principal.kind === 'root' ? 'allowed' : 'unmentioned', by: 'identity' }),
  mayRole: () => false,
  suits: () => 'fit',
};
export const REPORT: Report = { durationMs: 1.234, fuel: 4_200, maxMemoryBytes: 3 * 1_048_576 - 1, queueMs: 0.1 };

export const HELLO: FunctionVersion = toFunctionVersion('hello', {
  ...{ revision: 'r1', artifact: 'a'.repeat(64), image: 'b'.repeat(64), package: 'c'.repeat(64) },
  ...{ role: 'arn:aws:iam::000000000000:role/r', timeoutMs: 3_000 },
});

/** A hello function whose invoker answers with `outcome`, or echoes the event. */
export interface Setup extends Partial<Omit<GatewayDeps, 'config' | 'operations'>> {
  readonly operations?: readonly Operation[];
  readonly auth?: 'on' | 'off';
  /** How many are served at a time. */
  readonly connections?: number;
  readonly headersTimeoutMs?: number;
  readonly outcome?: Outcome;
  readonly urlAuth?: UrlTarget['authType'];
  readonly invokeMode?: UrlTarget['invokeMode'];
  readonly cors?: UrlTarget['cors'];
  readonly isPublic?: UrlTarget['isPublic'];
  /** The function's policy. */
  readonly policy?: UrlTarget['policy'];
}

/** What `request` sends. */
export interface TestRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface TestGateway {
  /** `request` is one exchange over HTTP, on a port that is open for that long. */
  readonly gateway: HttpServer & { request(path: string, request?: TestRequest): Promise<Response> };
  /** What reached the invoker, oldest first. */
  readonly invocations: Invocation[];
  /** What was to be run later. */
  readonly events: AsyncInvocation[];
}

export function succeeded(payload: string | Uint8Array, log = ''): Outcome {
  return {
    kind: 'succeeded',
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
    report: REPORT,
    log,
  };
}

export function createTestGateway(setup: Setup = {}): TestGateway {
  const {
    auth = 'off',
    outcome,
    urlAuth = 'NONE',
    invokeMode = 'BUFFERED',
    cors,
    isPublic = true,
    policy,
    operations = [],
    connections = 1_000,
    headersTimeoutMs = 15_000,
    ...deps
  } = setup;
  const invocations: Invocation[] = [];
  const events: AsyncInvocation[] = [];
  const scope = { region: 'us-east-1', accountId: '000000000000' };
  const access = { isPublic, resource: HELLO.arn, policy };
  const url: UrlTarget = { urlId: 'abc123', scope, target: HELLO, authType: urlAuth, invokeMode, cors, ...access };
  const gateway = createHttpServer({ connections: new Connections(connections), headersTimeoutMs });
  const app = createApps({
    config: { auth, ...scope },
    registry: {
      ready: () => undefined,
      resolve(where, name, qualifier) {
        const arn = `arn:aws:lambda:${where.region}:${where.accountId}:function:hello`;
        if (name === 'hello' || name === arn || name === 'hello:$LATEST') {
          return { ...HELLO, version: qualifier ?? HELLO.version };
        }
        throw new LambdaError('ResourceNotFoundException', `Function not found: ${arn.replace('hello', name)}`);
      },
      policyOf: () => policy,
      resolveUrl: (urlId) => (urlId === url.urlId ? url : undefined),
      resolveUrlOf: (_scope, name, qualifier) => (name === 'hello' && qualifier === undefined ? url : undefined),
    },
    invoke: async (invocation) => {
      invocations.push(invocation);
      return outcome ?? succeeded(invocation.event);
    },
    enqueue: async (event) => void events.push(event),
    operations: async () => operations,
    credentials: (id) =>
      id === KEY.accessKeyId ? { secretAccessKey: KEY.secretAccessKey, principal: ROOT } : undefined,
    authorizer: ROOT_ONLY,
    identities: () => Promise.reject(new Error('a gateway without identities')),
    apis: () => Promise.reject(new Error('a gateway without APIs')),
    urlPort: 8420,
    logs: () => Promise.reject(new Error('a gateway without logs')),
    queues: () => Promise.reject(new Error('a gateway without queues')),
    buses: () => Promise.reject(new Error('a gateway without buses')),
    buckets: () => Promise.reject(new Error('a gateway without buckets')),
    topics: () => Promise.reject(new Error('a gateway without topics')),
    metrics: async () => ({ contentType: 'text/plain', body: 'isola_up 1\n' }),
    ready: () => true,
    observer: silentObserver,
    clock: Date.now,
    ...deps,
  });
  gateway.serve(app.api);
  return { gateway: { ...gateway, request: (path, request) => ask(gateway, path, request) }, invocations, events };
}

async function ask(gateway: HttpServer, path: string, request: TestRequest = {}): Promise<Response> {
  listening.set(gateway, listening.get(gateway) ?? listen(gateway));
  const { method = 'GET', headers = {}, body } = request;
  const answer = await exchange((await listening.get(gateway)) as string, {
    ...{ method, path, headers },
    ...(body === undefined ? {} : { body }),
  });
  const lines = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((line): [string, string] => [name, line]),
  );
  const bodiless = answer.status === 204 || answer.status === 304;
  return new Response(bodiless ? null : new Uint8Array(answer.body), { status: answer.status, headers: lines });
}

const listening = new WeakMap<HttpServer, Promise<string>>();

async function listen(gateway: HttpServer): Promise<string> {
  onTestFinished(() => gateway.close());
  return (await gateway.listen('127.0.0.1', 0)).url;
}

export const INVOKE_HELLO = '/2015-03-31/functions/hello/invocations';

export interface Signable {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly host?: string;
  readonly date?: Date;
  readonly service?: string;
  readonly region?: string;
  readonly key?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export function createSigner(service = 'lambda', key: Signable['key'] = KEY, region = 'us-east-1'): SignatureV4 {
  return new SignatureV4({ service, region, credentials: key, sha256: NodeSha256 });
}

/** The headers of a signed request, x-amz-content-sha256 among them. */
export async function sign(request: Signable): Promise<Record<string, string>> {
  const { method, path, query = {}, body = '', host = 'localhost' } = request;
  const headers = {
    ...request.headers,
    host,
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
  };
  const signed = await createSigner(request.service, request.key, request.region).sign(
    { method, path, query, headers, body, protocol: 'http:', hostname: host },
    { signingDate: request.date ?? new Date() },
  );
  return signed.headers;
}
