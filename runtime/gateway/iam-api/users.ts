import { createUniqueId, type UserRecord } from '../../identity/index.ts';
import type { QueryOperation, QueryRequest } from '../query/query-operation.ts';
import { toQueryPage } from '../query/query-page.ts';
import type { XmlValue } from '../query/xml.ts';
import { toAccessKey, toUser } from './views.ts';

/** The user of UserName, or the one who asks, by the ARN it has, or would have without a path. */
export function userArn({ form, identities, caller: { principal } }: QueryRequest): string {
  const name = form.text('UserName');
  if (name === undefined && principal.kind === 'user') return principal.arn;
  return identities.users.find(name ?? '')?.arn ?? `arn:aws:iam::${identities.accountId}:user/${name ?? ''}`;
}

function userOf({ form, identities, caller: { principal } }: QueryRequest): UserRecord {
  const given = form.optionalName('UserName');
  const name = given ?? (principal.kind === 'user' ? principal.name : form.required('UserName'));
  form.constraints.assertSatisfied();
  return identities.users.get(name);
}

/** Root is no user, but IAM shows it as one. */
function toRootUser(accountId: string): XmlValue {
  return { Path: '/', UserId: accountId, Arn: `arn:aws:iam::${accountId}:root`, CreateDate: '1970-01-01T00:00:00Z' };
}

export const USER_OPERATIONS: readonly QueryOperation[] = [
  {
    name: 'CreateUser',
    resource: ({ form, identities: { accountId } }) =>
      `arn:aws:iam::${accountId}:user${form.text('Path') ?? '/'}${form.text('UserName') ?? ''}`,
    handle: async ({ form, identities }) => {
      const name = form.name('UserName');
      const path = form.path();
      const tags = form.tags();
      form.constraints.assertSatisfied();
      const arn = `arn:aws:iam::${identities.accountId}:user${path}${name}`;
      const user = await identities.users.create({
        ...{ name, path, arn, id: createUniqueId('AIDA'), createdAt: Date.now(), tags },
        ...{ inline: {}, attached: [], keys: [] },
      });
      return { User: toUser(user) };
    },
  },
  {
    name: 'GetUser',
    resource: userArn,
    handle: (request) => {
      const isSelf = request.form.text('UserName') === undefined;
      if (isSelf && request.caller.principal.kind === 'root') return { User: toRootUser(request.identities.accountId) };
      return { User: toUser(userOf(request)) };
    },
  },
  {
    name: 'ListUsers',
    resource: ({ identities: { accountId } }) => `arn:aws:iam::${accountId}:user/`,
    handle: ({ form, identities }) => {
      const prefix = form.text('PathPrefix') ?? '/';
      const users = identities.users.list().filter(({ path }) => path.startsWith(prefix));
      return toQueryPage(form, 'Users', users, { id: ({ name }) => name, show: toUser });
    },
  },
  {
    name: 'DeleteUser',
    resource: userArn,
    handle: async (request) => {
      request.form.name('UserName');
      await request.identities.users.delete(userOf(request).name);
      return undefined;
    },
  },
  {
    name: 'ListGroupsForUser',
    resource: userArn,
    handle: (request) => {
      userOf(request);
      return { Groups: [], IsTruncated: false };
    },
  },
  {
    name: 'CreateAccessKey',
    resource: userArn,
    handle: async (request) => {
      const user = userOf(request);
      const { key, secret } = await request.identities.users.createKey(user.name);
      return { AccessKey: toAccessKey(user, key, secret) };
    },
  },
  {
    name: 'ListAccessKeys',
    resource: userArn,
    handle: (request) => {
      const user = userOf(request);
      return toQueryPage(request.form, 'AccessKeyMetadata', user.keys, {
        id: ({ accessKeyId }) => accessKeyId,
        show: (key) => toAccessKey(user, key),
      });
    },
  },
  {
    name: 'UpdateAccessKey',
    resource: userArn,
    handle: async (request) => {
      const { form } = request;
      const id = form.required('AccessKeyId');
      const status = form.constraints.oneOf('status', form.required('Status'), ['Active', 'Inactive']);
      await request.identities.users.setKeyStatus(userOf(request).name, id, status ?? 'Inactive');
      return undefined;
    },
  },
  {
    name: 'DeleteAccessKey',
    resource: userArn,
    handle: async (request) => {
      const id = request.form.required('AccessKeyId');
      await request.identities.users.deleteKey(userOf(request).name, id);
      return undefined;
    },
  },
];
