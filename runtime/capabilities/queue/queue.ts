import { toHostAnswer } from '../../contract/host-call.ts';
import type { PolicyDocument } from '../../contract/policy-document.ts';
import type { Scope } from '../../contract/scope.ts';
import { CallError } from '../call-error.ts';
import type { Capabilities } from '../capability.ts';
import type { Grants } from '../grants.ts';
import { parseLineage } from '../invoke/lineage.ts';
import { type GivenAttributes, parseAttributes } from './parse-attributes.ts';

/** A message as a guest sends it. */
export interface GuestMessage {
  readonly body: string;
  readonly attributes: GivenAttributes;
  readonly delaySeconds: number | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly traceHeader: string;
}

/** The queues of the house. Throws CallErrors under SQS's names. */
export interface GuestQueues {
  /** The ARN of what a name, a URL or an ARN of the scope's account means, whether there is such a queue or not. */
  toArn(scope: Scope, queue: string): string;
  /** The queue's own policy. */
  policyOf(arn: string): PolicyDocument | undefined;
  /** Resolves when the message is durable. */
  send(arn: string, message: GuestMessage): Promise<{ readonly messageId: string; readonly sequenceNumber?: string }>;
}

export interface QueueDeps {
  readonly grants: Grants;
  /** Opened when a guest first asks for one. */
  readonly queues: () => Promise<GuestQueues>;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Messages to queues of the account: `sqs:SendMessage` on the queue's ARN. */
export function createQueue({ grants, queues }: QueueDeps): Capabilities {
  return {
    async 'queue.send'({ head, body, caller, invocation }) {
      const opened = await queues();
      const arn = opened.toArn(caller, head.text('queue'));
      await grants.demand(caller, 'sqs:SendMessage', arn, opened.policyOf(arn));
      const sent = await opened.send(arn, {
        body: toText(body),
        attributes: parseAttributes(head.member('attributes')),
        delaySeconds: head.optionalInteger('delaySeconds', { min: 0, max: 900 }),
        groupId: head.optionalText('groupId'),
        deduplicationId: head.optionalText('deduplicationId'),
        traceHeader: parseLineage(invocation.traceId, caller.arn).writeTo(invocation.traceId),
      });
      return toHostAnswer({ ...sent });
    },
  };
}

function toText(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new CallError('InvalidMessageContents', 'A message is text: the bytes must be UTF-8.');
  }
}
