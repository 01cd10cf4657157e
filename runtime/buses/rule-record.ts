import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';

/** An event bus as it is stored. The default one is there without a record. */
export interface BusRecord extends Scope {
  readonly name: string;
  readonly description?: string;
  readonly policy?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** What PutRule says of a rule. */
export interface RuleSettings {
  readonly description?: string;
  /** JSON. */
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: RuleState;
  readonly roleArn?: string;
}

/** A rule as it is stored. Times are epoch milliseconds. */
export interface RuleRecord extends Scope, RuleSettings {
  readonly name: string;
  readonly bus: string;
  readonly targets: readonly TargetSettings[];
  readonly tags: Readonly<Record<string, string>>;
  /** When its schedule was made: rates count from here. */
  readonly scheduledAt: number;
  /** What was due before was not missed: since then it is enabled with this schedule. */
  readonly activeSince: number;
}

/** Names a rule. */
export interface RuleKey extends Scope {
  readonly bus: string;
  readonly name: string;
}

/** Names a bus. */
export interface BusKey extends Scope {
  readonly name: string;
}

/** A target, member for member as EventBridge spells it. */
export interface TargetSettings {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  /** JSON. */
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
}

export const DEFAULT_BUS = 'default';
