import type { ConditionContext } from '../../contract/authorizer.ts';
import type { Scope } from '../../contract/scope.ts';
import { Constraints } from '../../registry/constraints.ts';
import { mappingArn } from '../../registry/event-sources/event-source-mappings.ts';
import { isStream } from '../../registry/event-sources/source-kind.ts';
import type {
  EventSourceMappingRecord,
  EventSourceSettings,
  FunctionRegistry,
} from '../../registry/function-registry.ts';
import { parseSourceSettings } from './event-source-input.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';
import { toFunctionResource } from './permission.ts';
import { assertTags } from './tags.ts';

const MAPPINGS = '/2015-03-31/event-source-mappings';
const MAPPING = `${MAPPINGS}/:UUID`;

type State = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** The operations on event-source mappings. What changes is answered with the state between, and settles at once. */
export function eventSourceOperations({ eventSources }: FunctionRegistry): readonly Operation[] {
  const toMapping = (scope: Scope, record: EventSourceMappingRecord, state?: State) =>
    describe(scope, record, { state, result: eventSources.lastResult(record.uuid) });
  return [
    {
      name: 'CreateEventSourceMapping',
      method: 'POST',
      path: MAPPINGS,
      contexts: (request) => targetsOf(eventSources, request),
      handle: async (request) => {
        const members = parseMembers(request);
        const constraints = new Constraints();
        const functionName = members.text('FunctionName');
        constraints.required('functionName', functionName);
        const settings = parseSourceSettings(members, constraints);
        const tags = members.textMap('Tags') ?? {};
        assertTags(tags, constraints);
        constraints.assertSatisfied();
        const isEnabled = members.flag('Enabled') ?? true;
        const created = { functionName: functionName ?? '', isEnabled, settings, tags };
        const record = await eventSources.create(request.scope, created);
        return { status: 202, body: toMapping(request.scope, record, 'Creating') };
      },
    },
    {
      name: 'GetEventSourceMapping',
      method: 'GET',
      path: MAPPING,
      contexts: (request) => targetsOf(eventSources, request),
      handle: async (request) => {
        const record = await eventSources.get(request.scope, uuidOf(request));
        return { status: 200, body: toMapping(request.scope, record) };
      },
    },
    {
      name: 'UpdateEventSourceMapping',
      method: 'PUT',
      path: MAPPING,
      contexts: (request) => targetsOf(eventSources, request),
      handle: async (request) => {
        const members = parseMembers(request);
        const constraints = new Constraints();
        const settings = withoutFixed(parseSourceSettings(members, constraints));
        constraints.assertSatisfied();
        const [functionName, isEnabled] = [members.text('FunctionName'), members.flag('Enabled')];
        const { before, after } = await eventSources.update(request.scope, uuidOf(request), {
          ...(functionName === undefined ? {} : { functionName }),
          ...(isEnabled === undefined ? {} : { isEnabled }),
          settings,
        });
        return { status: 202, body: toMapping(request.scope, after, stateBetween(before, after)) };
      },
    },
    {
      name: 'DeleteEventSourceMapping',
      method: 'DELETE',
      path: MAPPING,
      contexts: (request) => targetsOf(eventSources, request),
      handle: async (request) => {
        const record = await eventSources.delete(request.scope, uuidOf(request));
        return { status: 202, body: toMapping(request.scope, record, 'Deleting') };
      },
    },
    {
      name: 'ListEventSourceMappings',
      method: 'GET',
      path: MAPPINGS,
      handle: async (request) => {
        const page = parsePage(request.query);
        const eventSourceArn = request.query.get('EventSourceArn') || undefined;
        const functionName = request.query.get('FunctionName') || undefined;
        const all = await eventSources.list(request.scope, {
          ...(eventSourceArn === undefined ? {} : { eventSourceArn }),
          ...(functionName === undefined ? {} : { functionName }),
        });
        const rest = all.filter(({ uuid }) => page.after === undefined || uuid > page.after);
        const { items, marker } = toPage(rest, page, ({ uuid }) => uuid);
        const EventSourceMappings = items.map((record) => toMapping(request.scope, record));
        return { status: 200, body: { EventSourceMappings, ...(marker === undefined ? {} : { NextMarker: marker }) } };
      },
    },
  ];
}

/** By these a policy can keep its users to the mappings of some functions: what a mapping leads to, and what it is to lead to. */
async function targetsOf(
  eventSources: FunctionRegistry['eventSources'],
  request: ApiRequest,
): Promise<readonly ConditionContext[]> {
  const { scope } = request;
  const given = request.body.length === 0 ? undefined : parseMembers(request).text('FunctionName');
  const wanted = given && toFunctionResource({ ...scope, reference: given, qualifier: undefined });
  const current = await eventSources.targetOf(scope, uuidOf(request));
  const targets = [current, wanted].filter((each) => each !== undefined);
  return targets.length === 0 ? [{}] : targets.map((arn) => ({ 'lambda:FunctionArn': arn }));
}

function uuidOf({ params: { UUID: uuid = '' } }: ApiRequest): string {
  return uuid;
}

/** What a mapping reads, and from where on, is not changed by an update. */
function withoutFixed(settings: EventSourceSettings): EventSourceSettings {
  const { EventSourceArn, SelfManagedEventSource, StartingPosition, StartingPositionTimestamp, ...rest } = settings;
  const { Topics, Queues, ...changeable } = rest;
  return changeable;
}

function stateBetween(before: EventSourceMappingRecord, after: EventSourceMappingRecord): State {
  if (before.isEnabled === after.isEnabled) return 'Updating';
  return after.isEnabled ? 'Enabling' : 'Disabling';
}

function describe(
  scope: Scope,
  record: EventSourceMappingRecord,
  { state, result }: { readonly state: State | undefined; readonly result: string | undefined },
): Record<string, unknown> {
  const LastProcessingResult = record.source === 'sqs' ? result : (result ?? 'No records processed');
  const { uuid, functionArn, source, settings, modifiedAt } = record;
  return {
    UUID: uuid,
    ...settings,
    FunctionArn: functionArn,
    LastModified: modifiedAt / 1000,
    ...(LastProcessingResult === undefined ? {} : { LastProcessingResult }),
    State: state ?? (record.isEnabled ? 'Enabled' : 'Disabled'),
    StateTransitionReason: isStream(source) ? 'User action' : 'USER_INITIATED',
    EventSourceMappingArn: mappingArn(scope, uuid),
  };
}
