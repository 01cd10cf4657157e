import type { Deliver, Delivery, DeliveryRefusal } from '../contract/delivery.ts';
import { type BusWayDeps, deliverToBus } from './deliver-to-bus.ts';
import { deliverToFunction, type FunctionWayDeps } from './deliver-to-function.ts';
import { deliverToQueue, type QueueWayDeps } from './deliver-to-queue.ts';
import { deliverToTopic, type TopicWayDeps } from './deliver-to-topic.ts';

export type DeliverDeps = QueueWayDeps & FunctionWayDeps & TopicWayDeps & BusWayDeps;

/** Answers why it never will be delivered; undefined when it is. */
type Way = (deps: DeliverDeps, delivery: Delivery) => Promise<DeliveryRefusal | undefined>;

/** The ways to resources, by the service in their ARN. */
const WAYS: Readonly<Record<string, Way>> = {
  events: deliverToBus,
  lambda: deliverToFunction,
  sns: deliverToTopic,
  sqs: deliverToQueue,
};

/** Delivers to whatever an ARN names, made of the parts of the house that do it. */
export function createDeliver(deps: DeliverDeps): Deliver {
  return async (delivery) => {
    const service = delivery.arn.split(':')[2] ?? '';
    const way = Object.hasOwn(WAYS, service) ? WAYS[service] : undefined;
    if (way === undefined) return { refused: 'nothing can be delivered there.' };
    return (await way(deps, delivery)) ?? {};
  };
}
