import { createUniqueId, type RoleRecord } from '../../identity/index.ts';
import type { QueryOperation, QueryRequest } from '../query/query-operation.ts';
import { toQueryPage } from '../query/query-page.ts';
import { toRole } from './views.ts';

const SESSION = { min: 3_600, max: 43_200, otherwise: 3_600 };

/** The role of RoleName, by the ARN it has, or would have without a path. */
export function roleArn({ form, identities }: QueryRequest): string {
  const name = form.text('RoleName') ?? '';
  return identities.roles.find(name)?.arn ?? `arn:aws:iam::${identities.accountId}:role/${name}`;
}

function roleOf({ form, identities }: QueryRequest): RoleRecord {
  const name = form.name('RoleName');
  form.constraints.assertSatisfied();
  return identities.roles.get(name);
}

export const ROLE_OPERATIONS: readonly QueryOperation[] = [
  {
    name: 'CreateRole',
    resource: ({ form, identities: { accountId } }) =>
      `arn:aws:iam::${accountId}:role${form.text('Path') ?? '/'}${form.text('RoleName') ?? ''}`,
    handle: async ({ form, identities }) => {
      const name = form.name('RoleName');
      const path = form.path();
      const trust = form.required('AssumeRolePolicyDocument');
      const description = form.text('Description');
      const maxSessionSeconds = form.integer('MaxSessionDuration', SESSION);
      const tags = form.tags();
      form.constraints.length('description', description, { max: 1_000 });
      form.constraints.assertSatisfied();
      const arn = `arn:aws:iam::${identities.accountId}:role${path}${name}`;
      const role = await identities.roles.create({
        ...{ name, path, arn, id: createUniqueId('AROA'), createdAt: Date.now(), tags },
        ...{ trust, description, maxSessionSeconds, inline: {}, attached: [] },
      });
      return { Role: toRole(role) };
    },
  },
  { name: 'GetRole', resource: roleArn, handle: (request) => ({ Role: toRole(roleOf(request)) }) },
  {
    name: 'ListRoles',
    resource: ({ identities: { accountId } }) => `arn:aws:iam::${accountId}:role/`,
    handle: ({ form, identities }) => {
      const prefix = form.text('PathPrefix') ?? '/';
      const roles = identities.roles.list().filter(({ path }) => path.startsWith(prefix));
      return toQueryPage(form, 'Roles', roles, { id: ({ name }) => name, show: toRole });
    },
  },
  {
    name: 'DeleteRole',
    resource: roleArn,
    handle: async (request) => {
      await request.identities.roles.delete(roleOf(request).name);
      return undefined;
    },
  },
  {
    name: 'UpdateRole',
    resource: roleArn,
    handle: async (request) => {
      const { form, identities } = request;
      const description = form.text('Description');
      const seconds = form.integer('MaxSessionDuration', SESSION);
      await identities.roles.change(roleOf(request).name, (role) => ({
        ...role,
        description: description ?? role.description,
        maxSessionSeconds: form.text('MaxSessionDuration') === undefined ? role.maxSessionSeconds : seconds,
      }));
      return {};
    },
  },
  {
    name: 'UpdateAssumeRolePolicy',
    resource: roleArn,
    handle: async (request) => {
      const document = request.form.required('PolicyDocument');
      await request.identities.roles.setTrust(roleOf(request).name, document);
      return undefined;
    },
  },
  {
    name: 'ListInstanceProfilesForRole',
    resource: roleArn,
    handle: (request) => {
      roleOf(request);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  },
];
