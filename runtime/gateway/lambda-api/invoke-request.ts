import { LambdaError } from '../../contract/errors.ts';
import { ASYNC_REQUEST_BYTES, CLIENT_CONTEXT_BYTES, SYNC_REQUEST_BYTES } from '../../contract/limits.ts';
import type { RequestHead } from '../request-head.ts';

export type InvocationType = 'Event' | 'RequestResponse' | 'DryRun';

const LOG_TYPES = ['None', 'Tail'] as const;

/** The header half of an Invoke request. */
export interface InvokeOptions {
  readonly type: InvocationType;
  readonly logType: (typeof LOG_TYPES)[number];
  /** JSON text. */
  readonly clientContext?: string;
}

export function parseInvokeOptions(head: RequestHead, types: readonly InvocationType[]): InvokeOptions {
  const type = choose(head.headers['x-amz-invocation-type'], 'RequestResponse', 'invocationType', types);
  const logType = choose(head.headers['x-amz-log-type'], 'None', 'logType', LOG_TYPES);
  const encoded = head.headers['x-amz-client-context'];
  return { type, logType, ...(encoded ? { clientContext: parseClientContext(encoded) } : {}) };
}

const EMPTY_EVENT = Buffer.from('{}');
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Checks that a body is the JSON text of an event; no body means `{}`, as on Lambda. */
export function parseEvent(body: Uint8Array): Uint8Array {
  if (body.byteLength === 0) return EMPTY_EVENT;
  try {
    JSON.parse(UTF8.decode(body));
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'Invalid UTF-8';
    throw new LambdaError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${detail}`,
    );
  }
  return body;
}

export function invokeTooLarge(): LambdaError {
  return new LambdaError(
    'RequestEntityTooLargeException',
    `Request must be smaller than ${SYNC_REQUEST_BYTES} bytes for the InvokeFunction operation`,
  );
}

export function eventTooLarge(bytes: number): LambdaError {
  return new LambdaError(
    'RequestEntityTooLargeException',
    `${bytes} byte payload is too large for the Event invocation type (limit ${ASYNC_REQUEST_BYTES} bytes)`,
  );
}

function choose<T extends string>(value: string | undefined, fallback: T, member: string, choices: readonly T[]): T {
  if (value === undefined || value === '') return fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw new LambdaError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(', ')}]`,
  );
}

function parseClientContext(encoded: string): string {
  if (encoded.length > CLIENT_CONTEXT_BYTES) {
    throw new LambdaError(
      'InvalidRequestContentException',
      `Client context must be no larger than ${CLIENT_CONTEXT_BYTES} bytes.`,
    );
  }
  try {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw new Error('not base64');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'));
    JSON.parse(text);
    return text;
  } catch {
    throw new LambdaError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    );
  }
}
