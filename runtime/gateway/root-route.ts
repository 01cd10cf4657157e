import type { Buses } from '../buses/index.ts';
import { LambdaError } from '../contract/errors.ts';
import { once } from '../deferred.ts';
import type { Logs } from '../logs/index.ts';
import type { Queues } from '../queues/index.ts';
import type { Topics } from '../topics/index.ts';
import { type Exchange, send } from './exchange.ts';
import type { QueryDeps } from './query/query-route.ts';
import type { Serve } from './routes.ts';

export interface RootDeps extends QueryDeps {
  readonly queues: () => Promise<Queues>;
  readonly buses: () => Promise<Buses>;
  readonly logs: () => Promise<Logs>;
  readonly topics: () => Promise<Topics>;
}

/** Where services meet that name their operations elsewhere than in the path: `/`, and the paths of queues. */
export const ROOT_PATHS: readonly string[] = ['/', '/:account{[0-9]{12}}/:queue'];

/** Where subscribers find by what messages of topics are signed. */
export const CERTIFICATE_PATH = '/:certificate{SimpleNotificationService-[0-9a-f]{32}\\.pem}';

export function createCertificateRoute({ topics }: Pick<RootDeps, 'topics'>): Serve {
  return async (c) => {
    const { rawPath } = c.head;
    const body = await (await topics()).signer.certificate(rawPath);
    if (body === undefined) throw new LambdaError('UnknownOperationException', `No operation answers GET ${rawPath}.`);
    send(c, { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body });
  };
}

/**
 * Serves them: those of AWS's JSON protocols name the operation in a header, those of the Query protocol in a form or the query.
 * They are loaded with the first request, and again after that failed.
 */
export function createRootRoute(deps: RootDeps): Serve {
  const services = once(() => load(deps));
  return async (c) => {
    const protocol = protocolOf(c);
    if (protocol === undefined) {
      const { method, rawPath } = c.head;
      throw new LambdaError('UnknownOperationException', `No operation answers ${method} ${rawPath}.`);
    }
    await (await services())[protocol](c);
  };
}

function protocolOf({ head: { method, headers, query } }: Exchange): 'json' | 'query' | undefined {
  if (method === 'GET') return query.some(([name]) => name === 'Action') ? 'query' : undefined;
  if (method !== 'POST') return undefined;
  if (headers['x-amz-target'] !== undefined) return 'json';
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '') ? 'query' : undefined;
}

async function load(deps: RootDeps): Promise<{ readonly json: Serve; readonly query: Serve }> {
  const [
    { createJsonRoute },
    { createQueryRoute },
    { toQueryService },
    { IAM },
    { STS },
    { createSqs },
    { createLogs },
    { createEvents },
    { createSns },
  ] = await Promise.all([
    import('./json/json-route.ts'),
    import('./query/query-route.ts'),
    import('./query/to-query-service.ts'),
    import('./iam-api/iam-service.ts'),
    import('./sts-api/sts-service.ts'),
    import('./sqs-api/sqs-service.ts'),
    import('./logs-api/logs-service.ts'),
    import('./events-api/events-service.ts'),
    import('./sns-api/sns-service.ts'),
  ]);
  const sqs = createSqs(deps.queues);
  const sns = createSns(deps.topics);
  return {
    json: createJsonRoute([sqs, createLogs(deps.logs), createEvents(deps.buses)], deps),
    query: createQueryRoute(
      [IAM, STS, toQueryService(sns, deps.authorizer), toQueryService(sqs, deps.authorizer)],
      deps,
    ),
  };
}
