import { createUniqueId } from '../../identity/index.ts';
import type { QueryForm } from '../query/query-form.ts';
import type { QueryOperation, QueryRequest } from '../query/query-operation.ts';
import { toQueryPage } from '../query/query-page.ts';
import { toPolicy, toPolicyVersion } from './views.ts';

/** What a policy must allow operations on a policy on. */
export const policyArn = ({ form }: QueryRequest): string => form.text('PolicyArn') ?? '*';

function arnOf(form: QueryForm): string {
  const arn = form.required('PolicyArn');
  form.constraints.length('policyArn', arn, { min: 20, max: 2_048 });
  form.constraints.assertSatisfied();
  return arn;
}

/** Managed policies and their versions. */
export const POLICY_OPERATIONS: readonly QueryOperation[] = [
  {
    name: 'CreatePolicy',
    resource: ({ form, identities: { accountId } }) =>
      `arn:aws:iam::${accountId}:policy${form.text('Path') ?? '/'}${form.text('PolicyName') ?? ''}`,
    handle: async ({ form, identities }) => {
      const name = form.name('PolicyName', 128);
      const path = form.path();
      const document = form.required('PolicyDocument');
      const description = form.text('Description');
      const tags = form.tags();
      form.constraints.length('description', description, { max: 1_000 });
      form.constraints.assertSatisfied();
      const now = Date.now();
      const arn = `arn:aws:iam::${identities.accountId}:policy${path}${name}`;
      const id = createUniqueId('ANPA');
      const record = { name, path, arn, id, createdAt: now, updatedAt: now, tags, description };
      return { Policy: toPolicy(await identities.policies.create(record, document), 0) };
    },
  },
  {
    name: 'GetPolicy',
    resource: policyArn,
    handle: ({ form, identities: { policies } }) => {
      const arn = arnOf(form);
      return { Policy: toPolicy(policies.get(arn), policies.attachments(arn)) };
    },
  },
  {
    name: 'ListPolicies',
    resource: ({ identities: { accountId } }) => `arn:aws:iam::${accountId}:policy/`,
    handle: ({ form, identities: { policies } }) => {
      const scope = form.constraints.oneOf('scope', form.text('Scope') ?? 'All', ['All', 'AWS', 'Local']);
      const { aws, own } = policies.list();
      const listed = [...(scope === 'Local' ? [] : aws), ...(scope === 'AWS' ? [] : own)];
      const wanted = form.flag('OnlyAttached') ? listed.filter(({ arn }) => policies.attachments(arn) > 0) : listed;
      return toQueryPage(form, 'Policies', wanted, {
        id: ({ arn }) => arn,
        show: (policy) => toPolicy(policy, policies.attachments(policy.arn)),
      });
    },
  },
  {
    name: 'DeletePolicy',
    resource: policyArn,
    handle: async ({ form, identities }) => {
      await identities.policies.delete(arnOf(form));
      return undefined;
    },
  },
  {
    name: 'CreatePolicyVersion',
    resource: policyArn,
    handle: async ({ form, identities: { policies } }) => {
      const document = form.required('PolicyDocument');
      const arn = arnOf(form);
      const version = await policies.addVersion(arn, document, form.flag('SetAsDefault') ? 'default' : 'spare');
      return { PolicyVersion: toPolicyVersion(policies.get(arn), version) };
    },
  },
  {
    name: 'GetPolicyVersion',
    resource: policyArn,
    handle: ({ form, identities: { policies } }) => {
      const id = form.required('VersionId');
      const arn = arnOf(form);
      return { PolicyVersion: toPolicyVersion(policies.get(arn), policies.version(arn, id), 'document') };
    },
  },
  {
    name: 'ListPolicyVersions',
    resource: policyArn,
    handle: ({ form, identities }) => {
      const policy = identities.policies.get(arnOf(form));
      return toQueryPage(form, 'Versions', policy.versions.toReversed(), {
        id: ({ id }) => id,
        show: (version) => toPolicyVersion(policy, version),
      });
    },
  },
  {
    name: 'SetDefaultPolicyVersion',
    resource: policyArn,
    handle: async ({ form, identities }) => {
      const id = form.required('VersionId');
      await identities.policies.setDefault(arnOf(form), id);
      return undefined;
    },
  },
  {
    name: 'DeletePolicyVersion',
    resource: policyArn,
    handle: async ({ form, identities }) => {
      const id = form.required('VersionId');
      await identities.policies.deleteVersion(arnOf(form), id);
      return undefined;
    },
  },
  {
    name: 'ListEntitiesForPolicy',
    resource: policyArn,
    handle: ({ form, identities: { policies } }) => {
      const arn = arnOf(form);
      policies.get(arn);
      const { roles, users } = policies.holders(arn);
      return {
        PolicyRoles: roles.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: users.map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyGroups: [],
        IsTruncated: false,
      };
    },
  },
];
