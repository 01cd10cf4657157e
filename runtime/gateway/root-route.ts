import { LambdaError } from '../contract/errors.ts';
import type { Exchange } from './exchange.ts';
import type { QueryDeps } from './query/query-route.ts';

/**
 * Serves `POST /`, where services meet that name their operations elsewhere than in the path: those of the Query protocol
 * send a form. They are loaded with the first request.
 */
export function createRootRoute(deps: QueryDeps): (c: Exchange) => Promise<void> {
  let query: Promise<(c: Exchange) => Promise<void>> | undefined;
  return async (c) => {
    const { head } = c;
    if (!/^application\/x-www-form-urlencoded\b/i.test(head.headers['content-type'] ?? '')) {
      throw new LambdaError('UnknownOperationException', `No operation answers ${head.method} ${head.rawPath}.`);
    }
    query ??= load();
    await (await query)(c);
  };

  async function load(): Promise<(c: Exchange) => Promise<void>> {
    const [{ createQueryRoute }, { IAM }, { STS }] = await Promise.all([
      import('./query/query-route.ts'),
      import('./iam-api/iam-service.ts'),
      import('./sts-api/sts-service.ts'),
    ]);
    return createQueryRoute([IAM, STS], deps);
  }
}
