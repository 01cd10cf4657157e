import type { AsyncEnding } from '../contract/async-invocation.ts';
import type { Delivery } from '../contract/delivery.ts';
import type { QueuedEvent } from '../store/event-queue.ts';
import type { EventEnd } from './run-event.ts';

/** What a function answered, as its caller would have had it. */
export interface EventResult {
  readonly payload: Uint8Array | string;
  readonly failed: boolean;
}

/** What is delivered. */
export type EventMessage = Pick<Delivery, 'body' | 'attributes' | 'envelope'>;

/** Lambda's longest ErrorMessage. */
const MOST_ERROR_BYTES = 1_024;

/** What the destination at `arn` is told of how an event ended: Lambda's record, version 1.0. */
export function toDestinationRecord(
  arn: string,
  event: QueuedEvent,
  { ending, executedVersion }: EventEnd,
  told: { readonly content: Uint8Array; readonly result: EventResult | undefined; readonly at: number },
): EventMessage {
  const { scope, functionName, qualifier = '$LATEST', requestId } = event;
  const { result } = told;
  const functionArn = `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${functionName}:${qualifier}`;
  const record = {
    version: '1.0',
    timestamp: new Date(told.at).toISOString(),
    requestContext: {
      requestId,
      functionArn,
      condition: ending,
      approximateInvokeCount: event.failures + (result === undefined ? 0 : 1),
    },
    requestPayload: parseOrText(told.content),
    ...(result === undefined
      ? {}
      : {
          responseContext: {
            ...{ statusCode: 200, executedVersion },
            ...(result.failed ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: parseOrText(result.payload),
        }),
  };
  const detailType = `Lambda Function Invocation Result - ${ending === 'Success' ? 'Success' : 'Failure'}`;
  const envelope = { source: 'lambda', detailType, resources: [arn, functionArn] };
  return { body: toSayable(JSON.stringify(record)), envelope };
}

/** A dead letter: the event as it came, and beside it what became of it. */
export function toDeadLetter(
  event: QueuedEvent,
  ending: AsyncEnding,
  { content, result }: { readonly content: Uint8Array; readonly result: EventResult | undefined },
): EventMessage {
  const answer = result === undefined ? undefined : parseOrText(result.payload);
  const { errorMessage } = (typeof answer === 'object' && answer !== null ? answer : {}) as { errorMessage?: unknown };
  const message = typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : ending;
  return {
    body: toSayable(Buffer.from(content).toString()),
    attributes: {
      RequestID: { DataType: 'String', StringValue: event.requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: toPrintable(cut(message)) },
    },
  };
}

function parseOrText(payload: Uint8Array | string): unknown {
  const text = typeof payload === 'string' ? payload : Buffer.from(payload).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** JSON that holds none of the two characters that it may hold and a message may not: it has another way to say them. */
function toSayable(json: string): string {
  return json.replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** No more bytes than may be, and no half of a character. */
function cut(message: string): string {
  return Buffer.from(message)
    .subarray(0, MOST_ERROR_BYTES)
    .toString()
    .replace(/\ufffd$/, '');
}

function toPrintable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no message may hold
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
