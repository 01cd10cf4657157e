import type { Deliver, Sender } from '../contract/delivery.ts';
import type { Letter, Post, RetryTerms } from '../contract/letter.ts';
import { toAwsLogsEvent } from '../events/awslogs.ts';
import { parseFilterPattern } from './filter-pattern/filter-pattern.ts';
import { constraint, invalid } from './log-error.ts';
import { type LogEvent, toEventId } from './log-event.ts';
import { type LogGroupKey, type LogGroupRecord, type SubscriptionFilter, toLogGroupArn } from './log-group.ts';

/** As it was asked for. */
export type NewSubscription = Omit<SubscriptionFilter, 'createdAt' | 'distribution'> & {
  readonly distribution: string;
};

/** CloudWatch Logs tries for a day. */
const RETRY: RetryTerms = { attempts: 500, ageMs: 86_400_000, firstDelayMs: 1_000, lastDelayMs: 300_000 };
/** Characters of messages that a function is given at a time; half of what an event may have, for compression may not help. */
const LETTER_CHARS = 262_144;

/** Posts what subscribers of a group asked for. `writer`: the function whose lines these are, which is not told of itself. */
export async function tellSubscribers(
  post: Post,
  group: LogGroupRecord,
  { events, writer }: { readonly events: readonly LogEvent[]; readonly writer?: string },
): Promise<void> {
  const letters: Letter[] = [];
  for (const filter of group.filters) {
    if (writer !== undefined && isFunction(filter.destinationArn, writer)) continue;
    const isWanted = parseFilterPattern(filter.pattern);
    for (const part of split(events.filter(({ message }) => isWanted(message)))) {
      const body = await toAwsLogsEvent({
        ...{ owner: group.accountId, logGroup: group.name, logStream: part[0]?.stream ?? '' },
        subscriptionFilters: [filter.name],
        logEvents: part.map((event) => ({ id: toEventId(event), timestamp: event.at, message: event.message })),
      });
      letters.push({ delivery: { arn: filter.destinationArn, sender: toSender(group), body }, retry: RETRY });
    }
  }
  if (letters.length > 0) await post(letters);
}

/** Throws a LogError for a filter that could never tell anyone. */
export async function parseSubscription(
  deliver: Deliver,
  key: LogGroupKey,
  filter: NewSubscription,
): Promise<Omit<SubscriptionFilter, 'createdAt'>> {
  const { name, destinationArn: arn, distribution, pattern } = filter;
  if (!/^[^:*]{1,512}$/.test(name)) throw constraint(name, 'filterName', 'satisfy regular expression pattern: [^:*]*');
  parseFilterPattern(pattern);
  if (distribution !== 'ByLogStream' && distribution !== 'Random') {
    throw constraint(distribution, 'distribution', 'satisfy enum value set: [Random, ByLogStream]');
  }
  if (!/^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w:$-]{1,256}$/.test(arn)) {
    throw invalid('destinationArn: events are told to functions, by their ARN.');
  }
  const { refused } = await deliver({ arn, sender: toSender(key), body: '{}', isTrial: true });
  if (refused !== undefined) {
    throw invalid(
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
    );
  }
  return { name, pattern, destinationArn: arn, distribution };
}

function toSender(key: LogGroupKey): Sender {
  return { kind: 'service', name: 'logs.amazonaws.com', sourceArn: `${toLogGroupArn(key)}:*` };
}

/** By the function's own ARN, whatever version is named. */
function isFunction(arn: string, functionArn: string): boolean {
  return arn === functionArn || arn.startsWith(`${functionArn}:`);
}

function split(events: readonly LogEvent[]): readonly (readonly LogEvent[])[] {
  const parts: LogEvent[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (chars + event.message.length > LETTER_CHARS) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(event);
    chars += event.message.length;
  }
  return parts;
}
