import type { Observer } from '../contract/observer.ts';
import { parsePolicy } from '../identity/policy/parse-policy.ts';
import { Queues } from '../queues/index.ts';
import type { MessageStore } from '../store/message-store.ts';
import type { ResourceStore } from '../store/resource-store.ts';

export interface QueueDeps {
  readonly resources: ResourceStore;
  readonly messages: MessageStore;
  readonly observer: Observer;
  /** What all queues may hold together. */
  readonly most: { readonly messages: number; readonly bytes: number };
}

export async function openQueues(deps: QueueDeps): Promise<Queues> {
  const queues = new Queues({ ...deps, parsePolicy: (text) => parsePolicy(text, 'resource'), clock: Date.now });
  await queues.open();
  return queues;
}
