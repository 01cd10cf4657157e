import {
  attributesMd5,
  invalidParameter,
  MESSAGE_BYTES,
  md5,
  messageLength,
  missingParameter,
  type OutgoingMessage,
  QueueError,
  type Sent,
} from '../../queues/index.ts';
import type { Caller } from '../auth/authenticator.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, mapOf, type Of, structure, TEXT, WHOLE } from '../service/shape.ts';
import { attemptEach, FAILED_ENTRIES, parseEntries } from './batch.ts';
import { MESSAGE_ATTRIBUTES, VALUE } from './message-shapes.ts';
import { parseQueueUrl } from './queue-url.ts';
import { type OpenQueues, wishFor } from './queue-wish.ts';

const SENDING = {
  ...{ MessageBody: TEXT, DelaySeconds: WHOLE, MessageDeduplicationId: TEXT, MessageGroupId: TEXT },
  ...{ MessageAttributes: MESSAGE_ATTRIBUTES, MessageSystemAttributes: mapOf(VALUE, 'MessageSystemAttribute') },
};
const SENT = {
  ...{ MD5OfMessageBody: TEXT, MD5OfMessageAttributes: TEXT, MD5OfMessageSystemAttributes: TEXT },
  ...{ MessageId: TEXT, SequenceNumber: TEXT },
};
const SENT_SHAPE = structure(SENT);
const ENTRY = structure({ Id: TEXT, ...SENDING });
const ENTRY_NAME = 'SendMessageBatchRequestEntry';
const TRACE_HEADER = 'AWSTraceHeader';

type Sending = Omit<Of<typeof ENTRY>, 'Id'>;

export function createSendOperations(queues: OpenQueues): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'SendMessage',
      input: structure({ QueueUrl: TEXT, ...SENDING }),
      output: SENT_SHAPE,
      wish: wishFor(queues, 'SendMessage'),
      async handle({ caller, traceId }, { QueueUrl, ...sending }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        const prepared = opened.prepare(key, toOutgoing(sending, traceId), senderOf(caller));
        const [sent] = await opened.send(key, [prepared]);
        return show(sending, sent as Sent);
      },
    }),
    createOperation({
      name: 'SendMessageBatch',
      input: structure({ QueueUrl: TEXT, Entries: listOf(ENTRY, ENTRY_NAME) }),
      output: structure({
        Successful: listOf(structure({ Id: TEXT, ...SENT }), 'SendMessageBatchResultEntry'),
        Failed: FAILED_ENTRIES,
      }),
      wish: wishFor(queues, 'SendMessage'),
      async handle({ caller, traceId }, { QueueUrl, Entries }) {
        const key = parseQueueUrl(caller.scope, QueueUrl);
        const opened = await queues();
        opened.table.get(key);
        const entries = parseEntries(Entries, ENTRY_NAME);
        assertTotal(entries);
        const { done, failed } = await attemptEach(entries, (entry) =>
          opened.prepare(key, toOutgoing(entry, traceId), senderOf(caller)),
        );
        const sent = await opened.send(
          key,
          done.map(({ result }) => result),
        );
        const successful = done.map(({ entry }, at) => ({ Id: entry.Id, ...show(entry, sent[at] as Sent) }));
        return { Successful: successful, Failed: failed };
      },
    }),
  ];
}

/** A message that names no trace belongs to that of its request. */
function toOutgoing(sending: Sending, traceId: string | undefined): OutgoingMessage {
  const { MessageBody: body, MessageSystemAttributes: system = {} } = sending;
  if (body === undefined) throw missingParameter('MessageBody');
  const unknown = Object.keys(system).find((name) => name !== TRACE_HEADER);
  if (unknown !== undefined) {
    throw invalidParameter(unknown, 'MessageSystemAttributes', `Only ${TRACE_HEADER} can be sent.`);
  }
  const trace = system[TRACE_HEADER];
  if (trace !== undefined && (trace.DataType !== 'String' || !trace.StringValue)) {
    throw invalidParameter(TRACE_HEADER, 'MessageSystemAttributes', 'Its value must be a String.');
  }
  return {
    body,
    attributes: sending.MessageAttributes,
    delaySeconds: sending.DelaySeconds,
    groupId: sending.MessageGroupId,
    deduplicationId: sending.MessageDeduplicationId,
    traceHeader: trace?.StringValue ?? traceId,
  };
}

function show(sending: Sending, { messageId, sequenceNumber }: Sent): Of<typeof SENT_SHAPE> {
  return {
    MD5OfMessageBody: md5(sending.MessageBody ?? ''),
    MD5OfMessageAttributes: attributesMd5(sending.MessageAttributes ?? {}),
    MD5OfMessageSystemAttributes: attributesMd5(sending.MessageSystemAttributes ?? {}),
    MessageId: messageId,
    SequenceNumber: sequenceNumber,
  };
}

function assertTotal(entries: readonly Sending[]): void {
  const total = entries.reduce(
    (sum, { MessageBody: body = '', MessageAttributes: attributes }) => sum + messageLength({ body, attributes }),
    0,
  );
  if (total <= MESSAGE_BYTES) return;
  throw new QueueError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${MESSAGE_BYTES} bytes. You have sent ${total} bytes.`,
  );
}

function senderOf({ principal, scope }: Caller): string {
  return principal.kind === 'user' ? principal.userId : scope.accountId;
}
