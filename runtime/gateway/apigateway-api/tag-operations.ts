import { type ApisPart, notFound, type Texts, withoutTags, withTags } from '../../apis/index.ts';
import type { Scope } from '../../contract/scope.ts';
import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { listOf, structure, TEXT } from '../service/shape.ts';
import type { ApiOperationDeps } from './parts.ts';
import { TAGS } from './shapes.ts';

const RESOURCE = '/v2/tags/:resourceArn';
const ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+)::\/apis\/([a-z0-9-]{1,64})(?:\/stages\/([\w$-]{1,128}))?$/;

/** Tags of APIs and stages. */
export function createTagOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  return [
    createRestOperation({
      ...{ name: 'GetTags', method: 'GET', path: RESOURCE, status: 200 },
      input: structure({ resourceArn: TEXT }),
      handle: async ({ caller }, { resourceArn = '' }) => ({
        tags: taggedOf(await apis(), caller.scope, resourceArn).tags,
      }),
    }),
    createRestOperation({
      ...{ name: 'TagResource', method: 'POST', path: RESOURCE, status: 201 },
      input: structure({ resourceArn: TEXT, tags: TAGS }),
      handle: async ({ caller }, { resourceArn = '', tags }) =>
        taggedOf(await apis(), caller.scope, resourceArn).change((current) => withTags(current, tags)),
    }),
    createRestOperation({
      ...{ name: 'UntagResource', method: 'DELETE', path: RESOURCE, status: 204 },
      input: structure({ resourceArn: TEXT, tagKeys: listOf(TEXT, 'member') }),
      handle: async ({ caller }, { resourceArn = '', tagKeys = [] }) =>
        taggedOf(await apis(), caller.scope, resourceArn).change((current) => withoutTags(current, tagKeys)),
    }),
  ];
}

interface Tagged {
  readonly tags: Texts;
  change(change: (tags: Texts) => Texts): Promise<void>;
}

function taggedOf({ apis, stages }: ApisPart, scope: Scope, arn: string): Tagged {
  const [, region, apiId = '', stageName] = ARN.exec(arn) ?? [];
  if (region !== scope.region) throw notFound('resource', arn);
  if (stageName !== undefined) {
    const { tags } = stages.get(scope, apiId, stageName);
    return { tags, change: (change) => stages.changeTags(scope, apiId, stageName, change) };
  }
  const { tags } = apis.get(scope, apiId);
  return {
    tags,
    async change(change) {
      await apis.change(scope, apiId, (api) => ({ ...api, tags: change(api.tags) }));
    },
  };
}
