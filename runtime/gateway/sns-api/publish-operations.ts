import {
  findTopicArn,
  invalidParameter,
  MESSAGE_BYTES,
  messageLength,
  missingParameter,
  type OutgoingMessage,
  type TopicArn,
  TopicError,
} from '../../topics/index.ts';
import type { Caller } from '../auth/authenticator.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { BYTES, FLAG, framedListOf, framedMapOf, type Of, structure, TEXT } from '../service/shape.ts';
import { type OpenTopics, parseOwnTopic, topicWish, wishFor } from './topic-wish.ts';

const VALUE = structure({ DataType: TEXT, StringValue: TEXT, BinaryValue: BYTES });
const MESSAGE = {
  ...{ Message: TEXT, Subject: TEXT, MessageStructure: TEXT, MessageDeduplicationId: TEXT, MessageGroupId: TEXT },
  MessageAttributes: framedMapOf(VALUE, ['Name', 'Value']),
};
const PUBLISHED = { MessageId: TEXT, SequenceNumber: TEXT };
const ENTRY = structure({ Id: TEXT, ...MESSAGE });
const FAILED = structure({ Id: TEXT, Code: TEXT, Message: TEXT, SenderFault: FLAG });
const MOST_ENTRIES = 10;

type Given = Omit<Of<typeof ENTRY>, 'Id'>;

export function createPublishOperations(topics: OpenTopics): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'Publish',
      input: structure({ TopicArn: TEXT, TargetArn: TEXT, PhoneNumber: TEXT, ...MESSAGE }),
      output: structure(PUBLISHED),
      wish: ({ caller }, input) => wishFor(topics, 'Publish', parseTarget(caller, input)),
      async handle({ caller, traceId }, input) {
        const key = parseTarget(caller, input);
        const opened = await topics();
        const [published] = await opened.publish(key, [opened.prepare(key, toOutgoing(input, traceId))]);
        return { MessageId: published?.messageId, SequenceNumber: published?.sequenceNumber };
      },
    }),
    createOperation({
      name: 'PublishBatch',
      input: structure({ TopicArn: TEXT, PublishBatchRequestEntries: framedListOf(ENTRY) }),
      output: structure({
        Successful: framedListOf(structure({ Id: TEXT, ...PUBLISHED })),
        Failed: framedListOf(FAILED),
      }),
      wish: topicWish(topics, 'Publish'),
      async handle({ caller, traceId }, { TopicArn, PublishBatchRequestEntries: entries = [] }) {
        const key = parseOwnTopic(caller, TopicArn);
        const opened = await topics();
        opened.table.get(key);
        const ids = parseIds(entries);
        const outgoing = entries.map((entry) => toOutgoing(entry, traceId));
        if (outgoing.reduce((sum, each) => sum + messageLength(each), 0) > MESSAGE_BYTES) {
          throw new TopicError(
            'BatchRequestTooLong',
            'The length of all the messages put together is more than the limit.',
          );
        }
        // As SNS does, one that may not be keeps the others from being published.
        const prepared = outgoing.map((each) => opened.prepare(key, each));
        const published = await opened.publish(key, prepared);
        const successful = published.map(({ messageId, sequenceNumber }, at) => ({
          ...{ Id: ids[at], MessageId: messageId, SequenceNumber: sequenceNumber },
        }));
        return { Successful: successful, Failed: [] };
      },
    }),
  ];
}

function parseTarget(
  caller: Caller,
  input: {
    readonly TopicArn?: string | undefined;
    readonly TargetArn?: string | undefined;
    readonly PhoneNumber?: string | undefined;
  },
): TopicArn {
  const { TopicArn: topicArn, TargetArn: targetArn, PhoneNumber: phoneNumber } = input;
  const given = [topicArn, targetArn, phoneNumber].filter((each) => each !== undefined);
  if (given.length > 1) throw invalidParameter('TopicArn or TargetArn Reason: only one of them can be given');
  if (phoneNumber !== undefined) throw invalidParameter('PhoneNumber Reason: no text messages are sent from here');
  if (targetArn !== undefined && findTopicArn(targetArn)?.subscriptionId !== undefined) {
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  if (targetArn !== undefined && findTopicArn(targetArn) === undefined && targetArn.split(':').length >= 6) {
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  if (given.length === 0) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  return parseOwnTopic(caller, topicArn ?? targetArn, topicArn === undefined ? 'TargetArn' : 'TopicArn');
}

function toOutgoing(given: Given, traceId: string | undefined): OutgoingMessage {
  const { Message: message } = given;
  if (message === undefined) throw missingParameter('Message');
  return {
    message,
    subject: given.Subject,
    structure: given.MessageStructure,
    attributes: given.MessageAttributes,
    groupId: given.MessageGroupId,
    deduplicationId: given.MessageDeduplicationId,
    traceId,
  };
}

/** The ids of a batch's entries, each its own. */
function parseIds(entries: readonly { readonly Id?: string | undefined }[]): readonly string[] {
  if (entries.length === 0) {
    throw new TopicError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > MOST_ENTRIES) {
    throw new TopicError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  }
  const ids = entries.map(({ Id: id }) => id ?? '');
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw new TopicError(
      'InvalidBatchEntryId',
      'The Id of a batch entry in a batch request does not abide by the specification.',
    );
  }
  if (new Set(ids).size === ids.length) return ids;
  throw new TopicError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
}
