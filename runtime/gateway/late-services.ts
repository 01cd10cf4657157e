import { once } from '../deferred.ts';
import type { GatewayParts } from './gateway-deps.ts';
import { createOperationRoutes } from './operation-route.ts';
import type { Serve } from './routes.ts';

/** What is loaded with the first request that it answers. */
export interface LateServices {
  /** Lambda's API, but for what invokes. */
  readonly operations: Serve;
  readonly apiGateway: Serve;
  readonly scheduler: Serve;
  readonly s3: Serve;
  readonly webhook: Serve;
  /** HTTP APIs' own routes. */
  readonly httpApi: Serve;
}

export function createLateServices(parts: GatewayParts): LateServices {
  return {
    operations: late(async () => {
      const routes = createOperationRoutes(await parts.operations(), parts);
      return (exchange) => routes.serve(exchange);
    }),
    apiGateway: late(async () => {
      const { createApiGateway } = await import('./apigateway-api/apigateway-service.ts');
      const { createRestRoute } = await import('./rest/rest-route.ts');
      return createRestRoute(createApiGateway({ apis: parts.apis, port: parts.urlPort }), parts);
    }),
    scheduler: late(async () => {
      const { createScheduler } = await import('./scheduler-api/scheduler-service.ts');
      const { createRestRoute } = await import('./rest/rest-route.ts');
      return createRestRoute(createScheduler(parts), parts);
    }),
    s3: late(async () => (await import('./s3/s3-route.ts')).createS3Route(parts)),
    webhook: late(async () => (await import('./s3/webhook.ts')).createS3Webhook(parts)),
    httpApi: late(async () => (await import('./public/http-api.ts')).createHttpApi(parts)),
  };
}

function late(load: () => Promise<Serve>): Serve {
  const loaded = once(load);
  return async (exchange) => (await loaded())(exchange);
}
