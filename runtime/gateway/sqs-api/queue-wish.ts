import { type Queues, toQueueArn } from '../../queues/index.ts';
import type { Wish } from '../auth/access.ts';
import type { ServiceRequest } from '../service/service.ts';
import { parseQueueUrl } from './queue-url.ts';

export type OpenQueues = () => Promise<Queues>;

/** Wants to do `action` to the queue of the request. */
export function wishFor(
  queues: OpenQueues,
  action: string,
): (request: ServiceRequest, input: { readonly QueueUrl?: string | undefined }) => Promise<Wish> {
  return async ({ caller }, { QueueUrl }) => {
    const key = parseQueueUrl(caller.scope, QueueUrl);
    const policy = (await queues()).table.policyOf(key);
    return { action: `sqs:${action}`, resource: toQueueArn(key), policy };
  };
}
