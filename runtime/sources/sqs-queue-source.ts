import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SqsMessage } from '../events/sqs.ts';
import type { QueueSource } from '../triggers/mappings/queue-source.ts';
import { type SourceEndpoint, toClientOptions } from './source-endpoint.ts';

/** SQS takes no more at once. */
const BATCH = 10;
/** How long it is remembered how long a queue hides what was received. */
const REMEMBERED_MS = 60_000;

/** A queue of any service that speaks SQS. */
export function createSqsQueueSource(endpoint: SourceEndpoint, queueArn: string): QueueSource {
  const [, , , region = '', QueueOwnerAWSAccountId, QueueName] = queueArn.split(':');
  const client = new SQSClient({ ...toClientOptions(endpoint, region), useQueueUrlAsEndpoint: false });
  let url: string | undefined;
  let hidden: { readonly milliseconds: number; readonly until: number } | undefined;

  const findUrl = async (): Promise<string> => {
    url ??= (await client.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }))).QueueUrl;
    return url ?? '';
  };
  const findHiddenMs = async (QueueUrl: string): Promise<number> => {
    if (hidden !== undefined && hidden.until > Date.now()) return hidden.milliseconds;
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
    const seconds = Number((await client.send(asked)).Attributes?.VisibilityTimeout ?? 30);
    // Messages that are never hidden would come again while they are handled.
    hidden = { milliseconds: Math.max(1, seconds) * 1_000, until: Date.now() + REMEMBERED_MS };
    return hidden.milliseconds;
  };
  const inBatches = async (
    messages: readonly SqsMessage[],
    send: (QueueUrl: string, entries: { Id: string; ReceiptHandle: string }[]) => Promise<unknown>,
  ): Promise<void> => {
    const QueueUrl = await findUrl();
    const sent: Promise<unknown>[] = [];
    for (let at = 0; at < messages.length; at += BATCH) {
      const batch = messages.slice(at, at + BATCH);
      const entries = batch.map(({ receiptHandle }, id) => ({ Id: String(id), ReceiptHandle: receiptHandle }));
      sent.push(send(QueueUrl, entries));
    }
    await Promise.all(sent);
  };

  return {
    async receive({ most, waitMs, signal }) {
      try {
        const QueueUrl = await findUrl();
        const hiddenMs = await findHiddenMs(QueueUrl);
        const command = new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: most, VisibilityTimeout: hiddenMs / 1_000 },
          WaitTimeSeconds: Math.ceil(waitMs / 1_000),
          ...{ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] },
        });
        const { Messages = [] } = await client.send(command, { abortSignal: signal });
        return { messages: Messages.map(toMessage), hiddenMs };
      } catch (error) {
        if (signal.aborted) return { messages: [], hiddenMs: 0 };
        // The next one by this name has another, perhaps.
        url = undefined;
        throw error;
      }
    },
    delete: (messages) =>
      inBatches(messages, (QueueUrl, Entries) => client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))),
    hide: (messages, milliseconds) =>
      inBatches(messages, (QueueUrl, entries) => {
        const VisibilityTimeout = Math.ceil(milliseconds / 1_000);
        const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout }));
        return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }),
    close: () => client.destroy(),
  };
}

function toMessage(message: Message): SqsMessage {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    md5OfBody: message.MD5OfBody ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: message.MessageAttributes ?? {},
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
  };
}
