import type { Identities, PolicyHolder } from '../../identity/index.ts';
import type { QueryOperation, QueryRequest } from '../query/query-operation.ts';
import { toQueryPage } from '../query/query-page.ts';
import { roleArn } from './roles.ts';
import { userArn } from './users.ts';
import { toEncoded } from './views.ts';

type Kind = 'Role' | 'User';

/** Inline and attached policies, which roles and users have alike. */
export const HOLDER_POLICY_OPERATIONS: readonly QueryOperation[] = [...operationsOf('Role'), ...operationsOf('User')];

function operationsOf(kind: Kind): readonly QueryOperation[] {
  const resource = kind === 'Role' ? roleArn : userArn;
  const holder = `${kind}Name`;
  return [
    {
      name: `Put${kind}Policy`,
      resource,
      handle: async ({ form, identities }) => {
        const name = form.name(holder);
        const policyName = form.name('PolicyName', 128);
        const document = form.required('PolicyDocument');
        form.constraints.assertSatisfied();
        await holdersOf(identities, kind).putInline(name, policyName, document);
        return undefined;
      },
    },
    {
      name: `Get${kind}Policy`,
      resource,
      handle: ({ form, identities }) => {
        const name = form.name(holder);
        const policyName = form.name('PolicyName', 128);
        form.constraints.assertSatisfied();
        const document = holdersOf(identities, kind).inlineOf(name, policyName);
        return { [holder]: name, PolicyName: policyName, PolicyDocument: toEncoded(document) };
      },
    },
    {
      name: `Delete${kind}Policy`,
      resource,
      handle: async ({ form, identities }) => {
        const name = form.name(holder);
        const policyName = form.name('PolicyName', 128);
        form.constraints.assertSatisfied();
        await holdersOf(identities, kind).deleteInline(name, policyName);
        return undefined;
      },
    },
    {
      name: `List${kind}Policies`,
      resource,
      handle: (request) => {
        const names = Object.keys(find(request, kind).inline).sort();
        return toQueryPage(request.form, 'PolicyNames', names, { id: (name) => name, show: (name) => name });
      },
    },
    {
      name: `Attach${kind}Policy`,
      resource,
      handle: async ({ form, identities }) => {
        const name = form.name(holder);
        const arn = form.required('PolicyArn');
        form.constraints.assertSatisfied();
        await holdersOf(identities, kind).attach(name, arn);
        return undefined;
      },
    },
    {
      name: `Detach${kind}Policy`,
      resource,
      handle: async ({ form, identities }) => {
        const name = form.name(holder);
        const arn = form.required('PolicyArn');
        form.constraints.assertSatisfied();
        await holdersOf(identities, kind).detach(name, arn);
        return undefined;
      },
    },
    {
      name: `ListAttached${kind}Policies`,
      resource,
      handle: (request) =>
        toQueryPage(request.form, 'AttachedPolicies', find(request, kind).attached, {
          id: (arn) => arn,
          show: (arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }),
        }),
    },
  ];
}

function find({ form, identities }: QueryRequest, kind: Kind): PolicyHolder {
  const name = form.name(`${kind}Name`);
  form.constraints.assertSatisfied();
  return holdersOf(identities, kind).get(name);
}

function holdersOf({ roles, users }: Identities, kind: Kind): Identities['roles'] | Identities['users'] {
  return kind === 'Role' ? roles : users;
}
