import type { Identities, IdentityRecord } from '../../identity/index.ts';
import type { QueryForm } from '../query/query-form.ts';
import type { QueryOperation, QueryRequest } from '../query/query-operation.ts';
import { policyArn } from './policies.ts';
import { roleArn } from './roles.ts';
import { userArn } from './users.ts';
import { toTags } from './views.ts';

type Tags = Readonly<Record<string, string>>;
type ChangeTags = (tags: Tags) => Tags;

/** A kind of identity that has tags: the parameter that names one, and how one is found and changed. */
interface Tagged {
  readonly kind: 'Role' | 'User' | 'Policy';
  readonly resource: (request: QueryRequest) => string;
  readonly name: (form: QueryForm) => string;
  readonly get: (identities: Identities, name: string) => IdentityRecord;
  readonly change: (identities: Identities, name: string, change: ChangeTags) => Promise<unknown>;
}

const KINDS: readonly Tagged[] = [
  {
    kind: 'Role',
    resource: roleArn,
    name: (form) => form.name('RoleName'),
    get: ({ roles }, name) => roles.get(name),
    change: ({ roles }, name, change) => roles.change(name, (role) => ({ ...role, tags: change(role.tags) })),
  },
  {
    kind: 'User',
    resource: userArn,
    name: (form) => form.name('UserName'),
    get: ({ users }, name) => users.get(name),
    change: ({ users }, name, change) => users.change(name, (user) => ({ ...user, tags: change(user.tags) })),
  },
  {
    kind: 'Policy',
    resource: policyArn,
    name: (form) => form.required('PolicyArn'),
    get: ({ policies }, arn) => policies.get(arn),
    change: ({ policies }, arn, change) => policies.changeTags(arn, change),
  },
];

/** TagRole, UntagRole, ListRoleTags, and the same for users and policies. */
export const TAG_OPERATIONS: readonly QueryOperation[] = KINDS.flatMap(operationsOf);

function operationsOf({ kind, resource, name, get, change }: Tagged): readonly QueryOperation[] {
  return [
    {
      name: `Tag${kind}`,
      resource,
      handle: async ({ form, identities }) => {
        const named = name(form);
        const more = form.tags();
        form.constraints.assertSatisfied();
        await change(identities, named, (tags) => ({ ...tags, ...more }));
        return undefined;
      },
    },
    {
      name: `Untag${kind}`,
      resource,
      handle: async ({ form, identities }) => {
        const named = name(form);
        const keys = form.list('TagKeys');
        form.constraints.assertSatisfied();
        await change(identities, named, (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))),
        );
        return undefined;
      },
    },
    {
      name: `List${kind}Tags`,
      resource,
      handle: ({ form, identities }) => {
        const named = name(form);
        form.constraints.assertSatisfied();
        return { Tags: toTags(get(identities, named)), IsTruncated: false };
      },
    },
  ];
}
