import { LambdaError } from '../../contract/errors.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { Tags } from '../../registry/function-changes.ts';
import { parseFunctionName } from '../../registry/function-name.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';

const RESOURCE = '/2017-03-31/tags/:Resource';
const TAGS = 50;

/** The operations on tags, which functions and event-source mappings have, and no versions. */
export function tagOperations(registry: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'ListTags',
      method: 'GET',
      path: RESOURCE,
      handle: async (request) => {
        return { status: 200, body: { Tags: await taggedOf(registry, request).read() } };
      },
    },
    {
      name: 'TagResource',
      method: 'POST',
      path: RESOURCE,
      handle: async (request) => {
        const constraints = new Constraints();
        const tags = parseMembers(request).textMap('Tags');
        constraints.required('tags', tags);
        assertTags(tags ?? {}, constraints);
        constraints.assertSatisfied();
        await taggedOf(registry, request).change((current) => merged(current, tags ?? {}));
        return { status: 204 };
      },
    },
    {
      name: 'UntagResource',
      method: 'DELETE',
      path: RESOURCE,
      handle: async (request) => {
        const constraints = new Constraints();
        const keys = request.query.getAll('tagKeys');
        constraints.required('tagKeys', keys[0]);
        constraints.assertSatisfied();
        await taggedOf(registry, request).change((current) =>
          Object.fromEntries(Object.entries(current).filter(([key]) => !keys.includes(key))),
        );
        return { status: 204 };
      },
    },
  ];
}

/** Collects what is wrong with tags; throws at once for what Lambda says outside of its shape validation. */
export function assertTags(tags: Tags, constraints: Constraints): void {
  const names = Object.keys(tags);
  assertCount(tags);
  for (const name of names) {
    constraints.length('tags', name, { min: 1, max: 128 });
    constraints.length('tags', tags[name], { max: 256 });
    if (/^aws:/i.test(name)) throw refused(`The tag key ${name} begins with aws:, which is reserved.`);
  }
}

function merged(current: Tags, more: Tags): Tags {
  const tags = { ...current, ...more };
  assertCount(tags);
  return tags;
}

function assertCount(tags: Tags): void {
  if (Object.keys(tags).length > TAGS) throw refused('Number of tags exceeds resource tag limit.');
}

/** What has tags. */
interface Tagged {
  read(): Promise<Tags>;
  change(change: (tags: Tags) => Tags): Promise<void>;
}

const FUNCTION = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?$/;
const FUNCTION_SHOWN =
  'arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?)';
const MAPPING = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):(\d{12}):event-source-mapping:([a-zA-Z0-9-]+)$/;

function taggedOf(registry: FunctionRegistry, request: ApiRequest): Tagged {
  const { scope, params } = request;
  const [, region, accountId, uuid] = MAPPING.exec(params.Resource ?? '') ?? [];
  if (uuid !== undefined) {
    if (region !== scope.region || accountId !== scope.accountId) throw noSuchResource();
    return {
      read: async () => (await registry.eventSources.get(scope, uuid)).tags,
      change: (change) => registry.eventSources.changeTags(scope, uuid, change),
    };
  }
  const name = functionOf(request);
  return {
    read: async () => (await registry.get(scope, name)).tags,
    change: (change) => registry.changeTags(scope, name, change),
  };
}

function functionOf({ params: { Resource: arn = '' } }: ApiRequest): string {
  const constraints = new Constraints();
  constraints.matches('resource', arn, FUNCTION, FUNCTION_SHOWN);
  constraints.assertSatisfied();
  if (parseFunctionName(arn)?.qualifier !== undefined) {
    throw refused('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  return arn;
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}

function noSuchResource(): LambdaError {
  return new LambdaError('ResourceNotFoundException', 'The resource you requested does not exist.');
}
