import { createHash, timingSafeEqual } from 'node:crypto';
import { BucketError, type Buckets } from '../../buckets/index.ts';
import { LambdaError } from '../../contract/errors.ts';
import { OutboxFull } from '../../contract/letter.ts';
import { type Exchange, readExchangeBody, sendJson } from '../exchange.ts';
import { createThrottle } from '../throttle.ts';
import { type ForeignRecord, parseForeignEvent } from './foreign-event.ts';

export interface WebhookDeps {
  readonly config: { readonly auth: 'on' | 'off'; readonly s3WebhookToken?: string | undefined };
  readonly buckets: () => Promise<Buckets>;
  readonly bodyTimeoutMs: number;
}

const BODY_BYTES = 1_048_576;

/**
 * Takes what another store's webhook tells of its objects, in MinIO's format, and tells it on as the notifications of our bucket of
 * the same name say. Answered when that is durable.
 */
export function createS3Webhook({ config, buckets, bodyTimeoutMs }: WebhookDeps): (c: Exchange) => Promise<void> {
  return async (exchange) => {
    assertToken(exchange.head.headers.authorization, config);
    const body = await readExchangeBody(exchange, {
      maxBytes: BODY_BYTES,
      timeoutMs: bodyTimeoutMs,
      tooLarge: () => new LambdaError('RequestEntityTooLargeException', `An event has at most ${BODY_BYTES} bytes.`),
    });
    const records = parseForeignEvent(body);
    const opened = await buckets();
    for (const record of records) await relay(opened, record, exchange);
    sendJson(exchange, { status: 200, body: {} });
  };
}

async function relay(buckets: Buckets, record: ForeignRecord, { requestId, head }: Exchange): Promise<void> {
  const { bucket, key, eventName, principalId, sourceIp = head.sourceIp, bytes, etag, at } = record;
  const object = {
    ...(bytes === undefined ? {} : { bytes }),
    ...(etag === undefined ? {} : { etag }),
    ...(at === undefined ? {} : { at }),
  };
  try {
    await buckets.relay({ bucket, key, origin: { requestId, principalId, sourceIp } }, eventName, object);
  } catch (error) {
    if (error instanceof OutboxFull) throw createThrottle();
    if (error instanceof BucketError) {
      throw new LambdaError(
        'ResourceNotFoundException',
        `There is no bucket ${bucket} whose notifications could say who is told.`,
      );
    }
    throw error;
  }
}

/** A bearer token, or the token alone. */
function assertToken(header: string = '', { auth, s3WebhookToken }: WebhookDeps['config']): void {
  if (s3WebhookToken === undefined) {
    if (auth === 'off') return;
    throw new LambdaError('AccessDeniedException', 'Webhooks are taken when ISOLA_S3_WEBHOOK_TOKEN is set.');
  }
  const given = header.replace(/^Bearer +/i, '');
  if (timingSafeEqual(hash(given), hash(s3WebhookToken))) return;
  throw new LambdaError('AccessDeniedException', 'The token of the webhook is another.');
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
