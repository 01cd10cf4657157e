import type { PolicyDocument } from './policy-document.ts';

/** A service that acts by a role, which the role's trust policy must name. */
export interface RoleTaker {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  /** What it acts for, such as a rule: trust policies ask for it as `aws:SourceArn`. */
  readonly sourceArn?: string;
}

/** Who wants something. */
export type Principal =
  /** Whoever holds the root key: may do everything. */
  | { readonly kind: 'root'; readonly accountId: string }
  /** Whoever holds an access key of a user: may do what the user's policies allow. */
  | {
      readonly kind: 'user';
      readonly accountId: string;
      readonly arn: string;
      readonly userId: string;
      readonly name: string;
    }
  /** A function that acts by its execution role: may do what the role's policies allow. */
  | {
      readonly kind: 'role';
      readonly accountId: string;
      readonly arn: string;
      /** Who acts by it; Lambda when absent. */
      readonly takenBy?: RoleTaker;
    }
  /** A service of the platform, such as `s3.amazonaws.com`: may do what the resource's policy allows. */
  | { readonly kind: 'service'; readonly name: string }
  /** Whoever did not say: may do what the resource's policy allows everyone. */
  | { readonly kind: 'anonymous' };

/**
 * Condition keys and what the request says of them, such as `{ 'aws:SourceIp': '127.0.0.1' }`. The case of a name does not
 * matter. Several values make the key a multivalued one. What follows from the principal and the clock is added by itself.
 */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** May `principal` do `action` to `resource`? */
export interface Question {
  readonly principal: Principal;
  /** Such as `lambda:InvokeFunction`. */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resource. */
  readonly resource: string;
  readonly context?: ConditionContext;
}

/** `denied`: a statement says no, which no other can outvote. `unmentioned`: none says yes, which is a no as well. */
export type Decision = 'allowed' | 'denied' | 'unmentioned';

/** Where a decision came from: policies of who asks, or the policy of what is asked for. */
export interface Judgement {
  readonly decision: Decision;
  /** The kind of policy that denied; `identity` otherwise. */
  readonly by: 'identity' | 'resource';
}

/** Whether a service can act by a role: `unknown` ones exist nowhere, `untrusting` ones do not let it take them on. */
export type RoleFitness = 'fit' | 'unknown' | 'untrusting';

/**
 * Decides by policies. Answers come from memory, so they are synchronous, and a change of a policy counts from the next
 * question on. Nothing here throws.
 *
 * ```ts
 * await authorizer.ready();
 * authorizer.judge({ principal, action: 'lambda:InvokeFunction', resource: arn }, functionPolicy).decision === 'allowed'
 * ```
 */
export interface Authorizer {
  /** Undefined when policies are in memory; else resolves when they are. To be awaited before anything else is asked. */
  ready(): Promise<void> | undefined;
  /**
   * What the principal's policies and the resource's own say together: a denial by either, else an allowance by either.
   * Root's are not looked at.
   */
  judge(question: Question, resourcePolicy?: PolicyDocument): Judgement;
  /** What the policies of an execution role allow. A role that does not exist allows nothing. */
  mayRole(roleArn: string, action: string, resource: string, context?: ConditionContext): boolean;
  /** Whether a service can take a role on: Lambda, unless another is named. */
  suits(roleArn: string, taker?: RoleTaker): RoleFitness;
}
