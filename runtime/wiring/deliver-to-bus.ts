import { randomUUID } from 'node:crypto';
import {
  type BusEvent,
  type Buses,
  type BusKey,
  parseBus,
  parseDetail,
  toBusArn,
  toEventTime,
} from '../buses/index.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { Delivery, DeliveryRefusal, Sender } from '../contract/delivery.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface BusWayDeps {
  readonly buses: () => Promise<Buses>;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
}

/** An event that comes round again and again is passed on no more. */
const MOST_HOPS = 4;

/** Puts an event on a bus. */
export async function deliverToBus(deps: BusWayDeps, delivery: Delivery): Promise<DeliveryRefusal | undefined> {
  const { arn, sender, hops = 0, traceId } = delivery;
  const key = arn.startsWith('arn:') ? parseBus({ region: '', accountId: '' }, arn) : undefined;
  if (key === undefined) return { refused: 'it is no ARN of an event bus.', code: 'NO_RESOURCE' };
  const buses = await deps.buses();
  await deps.authorizer.ready();
  const bus = buses.buses.find(key);
  if (bus === undefined) return { refused: `Event bus ${key.name} does not exist.`, code: 'NO_RESOURCE' };
  const wish = { action: 'events:PutEvents', resource: toBusArn(key) };
  const refused = isOwn(key, sender) ? undefined : explainRefusal(deps.authorizer, sender, wish, bus.policy);
  if (refused !== undefined) return { refused, code: 'NO_PERMISSIONS' };
  if (hops > MOST_HOPS) return { refused: `the event was passed on ${MOST_HOPS} times already.` };
  const event = toEvent(key, delivery, Date.now());
  if (event === undefined) return { refused: 'what it is sent is no event.' };
  await buses.publish(key, event, { hops, traceId });
  return undefined;
}

/** An account's services tell its default bus, whatever its policy says. */
function isOwn({ name, accountId }: BusKey, sender: Sender): boolean {
  return name === 'default' && sender.kind === 'service' && sender.sourceAccount === accountId;
}

function toEvent(key: BusKey, { body, envelope }: Delivery, now: number): BusEvent | undefined {
  const parsed = parseDetail(body);
  if (parsed === undefined) return undefined;
  if (envelope === undefined) return isEvent(parsed) ? parsed : undefined;
  return {
    ...{ version: '0', id: randomUUID(), 'detail-type': envelope.detailType, source: envelope.source },
    ...{ account: key.accountId, time: toEventTime(now), region: key.region },
    ...{ resources: envelope.resources, detail: parsed },
  };
}

/** What a rule passes on was an event, if the rule has not made something else of it. */
function isEvent(value: unknown): value is BusEvent {
  const { source, detail, 'detail-type': type, id } = value as Readonly<Record<string, unknown>>;
  return [source, type, id].every((each) => typeof each === 'string') && typeof detail === 'object' && detail !== null;
}
