import type { Scope } from '../../contract/scope.ts';
import { type LogGroupKey, parseGroupIdentifier, toLogGroupArn } from '../../logs/index.ts';
import type { Wish } from '../auth/access.ts';
import { createOperation, type ServiceOperation, type ServiceRequest } from '../service/service.ts';
import { listOf, mapOf, structure, TEXT } from '../service/shape.ts';
import { nullMember, type OpenLogs, parseGroup, wishFor } from './group-input.ts';

const TAGS = mapOf(TEXT, 'entry');
const NAMES = listOf(TEXT, 'member');

/** Tags of groups: by ARN, and by the names that those operations had before. */
export function createTagOperations(logs: OpenLogs): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'TagResource',
      input: structure({ resourceArn: TEXT, tags: TAGS }),
      wish: wishForArn('TagResource'),
      async handle({ caller }, { resourceArn, tags }) {
        await (await logs()).groups.tag(parseArn(caller.scope, resourceArn), required(tags, 'tags'));
        return undefined;
      },
    }),
    createOperation({
      name: 'UntagResource',
      input: structure({ resourceArn: TEXT, tagKeys: NAMES }),
      wish: wishForArn('UntagResource'),
      async handle({ caller }, { resourceArn, tagKeys }) {
        await (await logs()).groups.untag(parseArn(caller.scope, resourceArn), required(tagKeys, 'tagKeys'));
        return undefined;
      },
    }),
    createOperation({
      name: 'ListTagsForResource',
      input: structure({ resourceArn: TEXT }),
      output: structure({ tags: TAGS }),
      wish: wishForArn('ListTagsForResource'),
      async handle({ caller }, { resourceArn }) {
        return { tags: (await logs()).groups.get(parseArn(caller.scope, resourceArn)).tags };
      },
    }),
    createOperation({
      name: 'TagLogGroup',
      input: structure({ logGroupName: TEXT, tags: TAGS }),
      wish: wishFor('TagLogGroup'),
      async handle({ caller }, { logGroupName, tags }) {
        await (await logs()).groups.tag(parseGroup(caller.scope, { logGroupName }), required(tags, 'tags'));
        return undefined;
      },
    }),
    createOperation({
      name: 'UntagLogGroup',
      input: structure({ logGroupName: TEXT, tags: NAMES }),
      wish: wishFor('UntagLogGroup'),
      async handle({ caller }, { logGroupName, tags }) {
        await (await logs()).groups.untag(parseGroup(caller.scope, { logGroupName }), required(tags, 'tags'));
        return undefined;
      },
    }),
    createOperation({
      name: 'ListTagsLogGroup',
      input: structure({ logGroupName: TEXT }),
      output: structure({ tags: TAGS }),
      wish: wishFor('ListTagsLogGroup'),
      async handle({ caller }, { logGroupName }) {
        return { tags: (await logs()).groups.get(parseGroup(caller.scope, { logGroupName })).tags };
      },
    }),
  ];
}

function wishForArn(
  action: string,
): (request: ServiceRequest, input: { readonly resourceArn?: string | undefined }) => Promise<Wish> {
  return async ({ caller }, { resourceArn }) => ({
    action: `logs:${action}`,
    resource: toLogGroupArn(parseArn(caller.scope, resourceArn)),
  });
}

function parseArn(scope: Scope, arn: string | undefined): LogGroupKey {
  return parseGroupIdentifier(scope, required(arn, 'resourceArn'));
}

function required<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined) throw nullMember(member);
  return value;
}
