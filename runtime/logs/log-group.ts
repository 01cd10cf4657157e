import type { Scope } from '../contract/scope.ts';
import { constraint } from './log-error.ts';

/** Names a group. */
export interface LogGroupKey extends Scope {
  readonly name: string;
}

/** Events that a function is told of as they come. */
export interface SubscriptionFilter {
  readonly name: string;
  readonly pattern: string;
  /** The function's ARN. */
  readonly destinationArn: string;
  readonly distribution: 'ByLogStream' | 'Random';
  readonly createdAt: number;
}

/** A group as it is stored; times are epoch milliseconds. */
export interface LogGroupRecord extends LogGroupKey {
  /** Of this group alone: one that is made anew under the name of a deleted one has another. The store knows groups by it. */
  readonly id: string;
  readonly createdAt: number;
  /** Absent: what it has stays until there is no room. */
  readonly retentionDays?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly filters: readonly SubscriptionFilter[];
}

export function toLogGroupArn({ region, accountId, name }: LogGroupKey): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

export function toLogStreamArn(key: LogGroupKey, stream: string): string {
  return `${toLogGroupArn(key)}:log-stream:${stream}`;
}

/** A group's name, or its ARN with or without `:*` behind it. */
export function parseGroupIdentifier(scope: Scope, identifier: string): LogGroupKey {
  const found = /^arn:aws[\w-]*:logs:([\w-]{1,64}):(\d{12}):log-group:([^:]+)(?::\*)?$/.exec(identifier);
  if (found === null) return { region: scope.region, accountId: scope.accountId, name: identifier };
  return { region: found[1]!, accountId: found[2]!, name: found[3]! };
}

export function assertGroupName(name: string, member = 'logGroupName'): void {
  if (name.length < 1 || name.length > 512) {
    throw constraint(name, member, 'have length between 1 and 512');
  }
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) {
    throw constraint(name, member, 'satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  }
}

export function assertStreamName(name: string): void {
  if (name.length < 1 || name.length > 512) {
    throw constraint(name, 'logStreamName', 'have length between 1 and 512');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would have to be shown somewhere
  if (/[:*\u0000-\u001f\u007f]/.test(name)) {
    throw constraint(name, 'logStreamName', 'satisfy regular expression pattern: [^:*]*');
  }
}
