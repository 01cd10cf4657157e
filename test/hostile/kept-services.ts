import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { signed } from '../e2e/mis-signed.ts';
import { readDataState } from '../support/data-state.ts';
import { exchange, type WireAnswer, type WireRequest } from '../support/exchange.ts';
import { type AccessKey, readKey } from '../support/query-client.ts';
import { guest } from '../support/wat.ts';
import { type LiveIsola, startLiveIsola } from './live-isola.ts';
import type { Malformed, Signing } from './malformed-service-request.ts';
import { type KeptApi, MAKING, type ServiceName, type ServiceRequest } from './service-requests.ts';
import { protocolsOf, toWire } from './service-wire.ts';
import { readMainThreadMs } from './vitals.ts';

/** An Isola in a process of its own, with one of everything that its services have. */
export interface KeptServices {
  readonly isola: LiveIsola;
  readonly key: AccessKey;
  readonly api: KeptApi;
  send(request: Malformed): Promise<WireAnswer>;
  /** Does a request that is right, in the first of its protocols. */
  ask(request: ServiceRequest): Promise<WireAnswer>;
  /** All that is durable, and how often a function ran. */
  state(): Promise<unknown>;
  /**
   * The most that the main thread computed while somebody waited for health, in milliseconds of its processor's time: on a machine
   * that is busy with other things the wait itself says nothing. 0 where the system does not tell.
   */
  longestHold(): number;
  stop(): Promise<void>;
}

export async function startKeptServices(env: Readonly<Record<string, string>> = {}): Promise<KeptServices> {
  const isola = await startLiveIsola({ ISOLA_THREADS: '2', ...env });
  const { url, dataDir } = isola;
  const key = readKey(isola.process.credentialsFile);
  await isola.create('echo', guest('echo'));
  const ask = async (request: ServiceRequest): Promise<WireAnswer> => {
    const wire = toWire(request, protocolsOf(request.service)[0] ?? 'rest');
    return exchange(url, await sign(url, wire, { key, service: request.service, signing: 'right' }));
  };
  for (const request of MAKING) {
    const { status, body } = await ask(request);
    if (status !== 200 && status !== 201) throw new Error(`${request.operation}: ${status} ${body}`);
  }
  const api = await makeApi(ask);
  let longest = 0;
  let isWatched = true;
  const watched = (async () => {
    while (isWatched) {
      const from = readMainThreadMs(isola.process.pid);
      await exchange(url, { method: 'GET', path: '/healthz' });
      longest = Math.max(longest, readMainThreadMs(isola.process.pid) - from);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    ...{ isola, key, api, ask },
    async send({ wire, service, signing }) {
      return exchange(url, await sign(url, wire, { key, service, signing }));
    },
    async state() {
      const { body } = await exchange(url, { method: 'GET', path: '/metrics' });
      const ran = body.toString().match(/^isola_invocations_total.*$/gm);
      return { ran, data: readDataState(dataDir), objects: listObjects(dataDir) };
    },
    longestHold: () => longest,
    async stop() {
      isWatched = false;
      await watched;
      await isola.stop();
    },
  };
}

/** An API with one of all that an API has. */
async function makeApi(ask: (request: ServiceRequest) => Promise<WireAnswer>): Promise<KeptApi> {
  const make = async (operation: string, input: ServiceRequest['input']): Promise<Record<string, string>> => {
    const { body } = await ask({ service: 'apigateway', operation, input, required: [], names: [] });
    return JSON.parse(body.toString());
  };
  const integrationUri = 'arn:aws:lambda:us-east-1:000000000000:function:echo';
  const { apiId = '' } = await make('CreateApi', { name: 'kept', protocolType: 'HTTP' });
  const { integrationId = '' } = await make('CreateIntegration', {
    ...{ apiId, integrationType: 'AWS_PROXY', integrationUri, payloadFormatVersion: '2.0' },
  });
  const { authorizerId = '' } = await make('CreateAuthorizer', {
    ...{ apiId, authorizerType: 'JWT', name: 'kept', identitySource: ['$request.header.Authorization'] },
    jwtConfiguration: { issuer: 'https://issuer.test', audience: ['a'] },
  });
  const { routeId = '' } = await make('CreateRoute', {
    ...{ apiId, routeKey: 'GET /kept', target: `integrations/${integrationId}` },
  });
  await make('CreateStage', { apiId, stageName: '$default', autoDeploy: true });
  return { apiId, routeId, integrationId, authorizerId };
}

function listObjects(dataDir: string): readonly string[] {
  try {
    return readdirSync(join(dataDir, 'objects'), { recursive: true }).map(String).sort();
  } catch {
    return [];
  }
}

/** The request with a signature as it is asked for, good or bad. */
async function sign(
  url: string,
  wire: WireRequest,
  { key, service, signing }: { readonly key: AccessKey; readonly service: ServiceName; readonly signing: Signing },
): Promise<WireRequest> {
  switch (signing) {
    case 'right':
      return signed(url, wire, key, { service });
    case 'none':
      return wire;
    case 'garbled': {
      const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/x/us-east-1/${service}/aws4_request, Signature=0`;
      return { ...wire, headers: { ...wire.headers, authorization } };
    }
    case 'stranger':
      return signed(url, wire, { ...key, accessKeyId: 'AKIANOBODYNOBODYNOBO' }, { service });
    case 'wrong secret':
      return signed(url, wire, { ...key, secretAccessKey: 'guessed' }, { service });
    case 'other service':
      return signed(url, wire, key, { service: 'ec2' });
    case 'late':
      return signed(url, wire, key, { service, date: new Date(Date.now() - 3_600_000) });
    case 'tampered': {
      const right = await signed(url, wire, key, { service });
      return { ...right, body: Buffer.concat([Buffer.from(right.body ?? ''), Buffer.from(' ')]) };
    }
  }
}
