import { Constraints } from '../../registry/constraints.ts';
import type { EventInvokeConfig, EventInvokeSettings } from '../../registry/event-invoke-configs.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { nameOf, qualifierOf } from './functions.ts';
import { type Members, parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';
import { parsePage, toPage } from './paging.ts';

const PATH = '/2019-09-25/functions/:FunctionName/event-invoke-config';
const ARN = /^$|^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)$/;
/** The pattern as Lambda prints it. */
const SHOWN =
  '^$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';
const ARN_LENGTH = 350;
const RETRIES = { min: 0, max: 2 } as const;
const AGE_SECONDS = { min: 60, max: 21_600 } as const;

/** The operations on how asynchronous invocations are handled. */
export function eventInvokeOperations({ eventInvoke }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'PutFunctionEventInvokeConfig',
      method: 'PUT',
      path: PATH,
      handle: async (request) => {
        const settings = parseSettings(request);
        const config = await eventInvoke.put(request.scope, nameOf(request), qualifierOf(request), settings);
        return { status: 200, body: toBody(config) };
      },
    },
    {
      name: 'UpdateFunctionEventInvokeConfig',
      method: 'POST',
      path: PATH,
      handle: async (request) => {
        const settings = parseSettings(request);
        const config = await eventInvoke.update(request.scope, nameOf(request), qualifierOf(request), settings);
        return { status: 200, body: toBody(config) };
      },
    },
    {
      name: 'GetFunctionEventInvokeConfig',
      method: 'GET',
      path: PATH,
      handle: async (request) => ({
        status: 200,
        body: toBody(eventInvoke.get(request.scope, nameOf(request), qualifierOf(request))),
      }),
    },
    {
      name: 'DeleteFunctionEventInvokeConfig',
      method: 'DELETE',
      path: PATH,
      handle: async (request) => {
        await eventInvoke.delete(request.scope, nameOf(request), qualifierOf(request));
        return { status: 204 };
      },
    },
    {
      name: 'ListFunctionEventInvokeConfigs',
      method: 'GET',
      path: `${PATH}/list`,
      handle: async (request) => {
        const page = parsePage(request.query);
        const all = eventInvoke.list(request.scope, nameOf(request));
        const rest = all.filter(({ qualifier }) => page.after === undefined || qualifier > page.after);
        const { items, marker } = toPage(rest, page, ({ qualifier }) => qualifier);
        return {
          status: 200,
          body: {
            FunctionEventInvokeConfigs: items.map(toBody),
            ...(marker === undefined ? {} : { NextMarker: marker }),
          },
        };
      },
    },
  ];
}

function parseSettings(request: ApiRequest): EventInvokeSettings {
  const members = parseMembers(request);
  const constraints = new Constraints();
  const retries = members.integer('MaximumRetryAttempts');
  const age = members.integer('MaximumEventAgeInSeconds');
  constraints.range('maximumRetryAttempts', retries, RETRIES);
  constraints.range('maximumEventAgeInSeconds', age, AGE_SECONDS);
  const destinations =
    members.raw('DestinationConfig') === undefined
      ? undefined
      : parseDestinations(members.nested('DestinationConfig'), constraints);
  constraints.assertSatisfied();
  return {
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(age === undefined ? {} : { maximumEventAgeSeconds: age }),
    ...(destinations === undefined ? {} : { destinations }),
  };
}

function parseDestinations(members: Members, constraints: Constraints): EventInvokeSettings['destinations'] {
  const onSuccess = members.nested('OnSuccess').text('Destination');
  const onFailure = members.nested('OnFailure').text('Destination');
  for (const [member, arn] of [
    ['destinationConfig.onSuccess.destination', onSuccess],
    ['destinationConfig.onFailure.destination', onFailure],
  ] as const) {
    constraints.length(member, arn, { max: ARN_LENGTH });
    constraints.matches(member, arn, ARN, SHOWN);
  }
  return { ...(onSuccess ? { onSuccess } : {}), ...(onFailure ? { onFailure } : {}) };
}

function toBody({ functionArn, settings }: EventInvokeConfig): Record<string, unknown> {
  const { onSuccess, onFailure, maximumRetryAttempts: retries, maximumEventAgeSeconds: age } = settings;
  return {
    LastModified: settings.modifiedAt / 1000,
    FunctionArn: functionArn,
    ...(retries === undefined ? {} : { MaximumRetryAttempts: retries }),
    ...(age === undefined ? {} : { MaximumEventAgeInSeconds: age }),
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
  };
}
