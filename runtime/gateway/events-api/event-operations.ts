import { invalid, parseEntry, toBusArn, toPattern } from '../../buses/index.ts';
import { isJsonObject } from '../../contract/json.ts';
import { matches } from '../../patterns/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { DECIMAL, FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { busWish, type OpenBuses, toBusKey } from './events-names.ts';

const ENTRY = structure({
  ...{ Time: DECIMAL, Source: TEXT, Resources: listOf(TEXT, 'member'), DetailType: TEXT, Detail: TEXT },
  ...{ EventBusName: TEXT, TraceHeader: TEXT },
});
const MOST_ENTRIES = 10;
/** All entries of a request together, as EventBridge counts them. */
export const ENTRIES_BYTES = 1_048_576;
/** What a test event has to say. */
const EVENT_MEMBERS = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** What is done with events. */
export function createEventOperations(buses: OpenBuses): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'PutEvents',
      input: structure({ Entries: listOf(ENTRY, 'member'), EndpointId: TEXT }),
      output: structure({
        FailedEntryCount: WHOLE,
        Entries: listOf(structure({ EventId: TEXT, ErrorCode: TEXT, ErrorMessage: TEXT }), 'member'),
      }),
      async wish(request, { Entries = [] }) {
        const keys = Entries.map(({ EventBusName }) => toBusKey(request, EventBusName));
        const byArn = new Map(keys.map((key) => [toBusArn(key), key]));
        return Promise.all([...byArn.values()].map((key) => busWish(buses, 'PutEvents', key)));
      },
      async handle(request, { Entries }) {
        const entries = Entries ?? [];
        assertEntries(Entries);
        for (const { EventBusName } of entries) toBusKey(request, EventBusName);
        const opened = await buses();
        const now = Date.now();
        const results = await Promise.all(
          entries.map(async (entry) => {
            const parsed = parseEntry(request.caller.scope, entry, now);
            if ('ErrorCode' in parsed) return parsed;
            const { traceId = request.traceId } = parsed;
            return (await opened.put({ ...parsed, traceId })) ?? { EventId: parsed.event.id };
          }),
        );
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      },
    }),
    createOperation({
      name: 'TestEventPattern',
      input: structure({ EventPattern: TEXT, Event: TEXT }),
      output: structure({ Result: FLAG }),
      wish: async () => ({ action: 'events:TestEventPattern', resource: '*' }),
      async handle(_, { EventPattern, Event }) {
        const constraints = new Constraints();
        constraints.required('eventPattern', EventPattern);
        constraints.length('eventPattern', EventPattern, { max: 4_096 });
        constraints.required('event', Event);
        constraints.length('event', Event, { max: ENTRIES_BYTES });
        constraints.assertSatisfied();
        const pattern = toPattern(EventPattern ?? '');
        return { Result: matches(pattern, parseEvent(Event ?? '')) };
      },
    }),
  ];
}

function assertEntries(entries: readonly Record<string, unknown>[] | undefined): void {
  const constraints = new Constraints();
  constraints.required('entries', entries);
  if (entries?.length === 0)
    constraints.violated('entries', '[]', 'Member must have length greater than or equal to 1');
  if ((entries?.length ?? 0) > MOST_ENTRIES) {
    constraints.violated('entries', '[...]', `Member must have length less than or equal to ${MOST_ENTRIES}`);
  }
  constraints.assertSatisfied();
  const size = (entries ?? []).reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > ENTRIES_BYTES) throw invalid('Total size of the entries in the request is over the limit.');
}

function sizeOf({ Time, Source, DetailType, Detail, Resources }: Record<string, unknown>): number {
  const texts = [Source, DetailType, Detail, ...((Resources as readonly unknown[] | undefined) ?? [])];
  const bytes = texts.reduce<number>((sum, text) => sum + Buffer.byteLength(typeof text === 'string' ? text : ''), 0);
  return bytes + (Time === undefined ? 0 : 14);
}

function parseEvent(text: string): unknown {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw invalid('Parameter Event is not valid. Reason: it is not JSON.');
  }
  const members = isJsonObject(event) ? Object.keys(event) : [];
  const missing = EVENT_MEMBERS.find((name) => !members.includes(name));
  if (missing !== undefined) throw invalid(`Parameter Event is not valid. Reason: ${missing} is a required field.`);
  return event;
}
