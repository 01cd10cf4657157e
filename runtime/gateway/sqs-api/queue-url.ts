import type { Scope } from '../../contract/scope.ts';
import { missingParameter, noSuchQueue, QueueError, type QueueKey } from '../../queues/index.ts';

/** Where a client finds a queue: on the host by which it called us. */
export function toQueueUrl(host: string, { accountId, name }: QueueKey): string {
  return `http://${host}/${accountId}/${name}`;
}

/** The queue that a URL, a path or a bare name means, among the caller's. Throws QueueErrors. */
export function parseQueueUrl(scope: Scope, queueUrl: string | undefined): QueueKey {
  if (!queueUrl) throw missingParameter('QueueUrl');
  const path = queueUrl.replace(/^https?:\/\/[^/]*/i, '');
  const found = /^(?:\/?(\d{12})\/)?([\w-]{1,80}(?:\.fifo)?)\/?$/.exec(path);
  if (found === null) {
    throw new QueueError('InvalidAddress', `The address ${queueUrl.slice(0, 512)} is not valid for this endpoint.`);
  }
  if (found[1] !== undefined && found[1] !== scope.accountId) throw noSuchQueue();
  return { accountId: scope.accountId, region: scope.region, name: found[2]! };
}
