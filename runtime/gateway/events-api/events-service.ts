import { BusError } from '../../buses/index.ts';
import { MalformedPolicy } from '../../identity/policy/malformed-policy.ts';
import type { Refusal, Service } from '../service/service.ts';
import { createBusOperations } from './bus-operations.ts';
import { createEventOperations, ENTRIES_BYTES } from './event-operations.ts';
import type { OpenBuses } from './events-names.ts';
import { createRuleOperations } from './rule-operations.ts';
import { createTagOperations } from './tag-operations.ts';
import { createTargetOperations } from './target-operations.ts';

/** EventBridge. */
export function createEvents(buses: OpenBuses): Service {
  return {
    name: 'events',
    // The largest entries, most of whose characters may be escaped, and what is around them.
    bodyBytes: 4 * ENTRIES_BYTES,
    json: {
      target: 'AWSEvents',
      contentType: 'application/x-amz-json-1.1',
      namespace: 'com.amazonaws.events',
    },
    operations: [
      ...createRuleOperations(buses),
      ...createTargetOperations(buses),
      ...createBusOperations(buses),
      ...createTagOperations(buses),
      ...createEventOperations(buses),
    ],
    toRefusal: toEventsRefusal,
  };
}

function toEventsRefusal(error: unknown): Refusal | undefined {
  if (error instanceof BusError) return { status: 400, code: error.code, message: error.message };
  if (error instanceof MalformedPolicy) return { status: 400, code: 'ValidationException', message: error.message };
  return undefined;
}
