import { type Buses, parseBus } from '../buses/index.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import { parseQueueArn, type Queues } from '../queues/index.ts';
import type { Telling } from '../registry/assert-may-tell.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import { findTopicArn, type Topics } from '../topics/index.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface FindForbiddenDeps {
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge' | 'suits'>;
  readonly registry: Pick<FunctionRegistry, 'policyOf'>;
  readonly queues: () => Promise<Queues>;
  readonly topics: () => Promise<Topics>;
  readonly buses: () => Promise<Buses>;
}

interface Way {
  readonly action: string;
  /** What the resource itself says of who may; undefined where it is not there, or says nothing. */
  readonly policy: (deps: FindForbiddenDeps, arn: string) => Promise<PolicyDocument | undefined>;
}

/** By the service in an ARN. */
const WAYS: Readonly<Record<string, Way>> = {
  sqs: {
    action: 'sqs:SendMessage',
    policy: async ({ queues }, arn) => {
      const key = parseQueueArn(arn);
      return key && (await queues()).table.policyOf(key);
    },
  },
  sns: {
    action: 'sns:Publish',
    policy: async ({ topics }, arn) => {
      const key = findTopicArn(arn);
      return key && (await topics()).table.policyOf(key);
    },
  },
  lambda: {
    action: 'lambda:InvokeFunction',
    policy: async ({ registry }, arn) => {
      const [, , , region = '', accountId = ''] = arn.split(':');
      return registry.policyOf({ region, accountId }, arn);
    },
  },
  events: {
    action: 'events:PutEvents',
    policy: async ({ buses }, arn) => {
      const key = parseBus({ region: '', accountId: '' }, arn);
      return key && (await buses()).buses.find(key)?.policy;
    },
  },
};

/**
 * Finds the operation that a role may not call to tell a resource something, before a function is told to. Roles that there are not
 * are let pass: whoever names one is warned.
 */
export function createFindForbidden(deps: FindForbiddenDeps): (telling: Telling) => Promise<string | undefined> {
  return async ({ arn, role }) => {
    const service = arn.split(':')[2] ?? '';
    const way = Object.hasOwn(WAYS, service) ? WAYS[service] : undefined;
    if (way === undefined) return undefined;
    const { authorizer } = deps;
    await authorizer.ready();
    if (authorizer.suits(role) === 'unknown') return undefined;
    const wish = { action: way.action, resource: arn };
    const refused = explainRefusal(authorizer, { kind: 'role', arn: role }, wish, await way.policy(deps, arn));
    return refused === undefined ? undefined : way.action.split(':')[1];
  };
}
