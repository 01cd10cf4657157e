import { attributesMd5, type ReceivedMessage, selectAttributes } from '../../queues/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { listOf, mapOf, type Of, structure, TEXT, WHOLE } from '../service/shape.ts';
import { MESSAGE_ATTRIBUTES } from './message-shapes.ts';
import { parseQueueUrl } from './queue-url.ts';
import { type OpenQueues, wishFor } from './queue-wish.ts';
import { systemAttributesOf } from './system-attributes.ts';

const NAMES = listOf(TEXT, 'AttributeName');
const MESSAGE = structure({
  ...{ MessageId: TEXT, ReceiptHandle: TEXT, MD5OfBody: TEXT, Body: TEXT },
  ...{ Attributes: mapOf(TEXT, 'Attribute'), MD5OfMessageAttributes: TEXT, MessageAttributes: MESSAGE_ATTRIBUTES },
});

export function createReceiveOperation(queues: OpenQueues): ServiceOperation {
  return createOperation({
    name: 'ReceiveMessage',
    input: structure({
      ...{ QueueUrl: TEXT, AttributeNames: NAMES, ReceiveRequestAttemptId: TEXT },
      MessageSystemAttributeNames: listOf(TEXT, 'MessageSystemAttributeName'),
      MessageAttributeNames: listOf(TEXT, 'MessageAttributeName'),
      ...{ MaxNumberOfMessages: WHOLE, VisibilityTimeout: WHOLE, WaitTimeSeconds: WHOLE },
    }),
    output: structure({ Messages: listOf(MESSAGE, 'Message') }),
    wish: wishFor(queues, 'ReceiveMessage'),
    async handle({ caller, signal }, input) {
      const key = parseQueueUrl(caller.scope, input.QueueUrl);
      const system = systemAttributesOf([
        ...(input.AttributeNames ?? []),
        ...(input.MessageSystemAttributeNames ?? []),
      ]);
      const received = await (await queues()).receive(key, {
        most: input.MaxNumberOfMessages,
        visibilityTimeout: input.VisibilityTimeout,
        waitSeconds: input.WaitTimeSeconds,
        signal,
      });
      const names = input.MessageAttributeNames ?? [];
      return { Messages: received.length === 0 ? undefined : received.map((each) => show(each, names, system(each))) };
    },
  });
}

function show(
  message: ReceivedMessage,
  names: readonly string[],
  system: Readonly<Record<string, string>>,
): Of<typeof MESSAGE> {
  const attributes = selectAttributes(message.attributes, names);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    Attributes: Object.keys(system).length === 0 ? undefined : system,
    MD5OfMessageAttributes: attributesMd5(attributes),
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  };
}
