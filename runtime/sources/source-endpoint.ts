import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A service that speaks AWS's protocol, somewhere. */
export interface SourceEndpoint {
  /** Origin, such as `http://127.0.0.1:9324`. */
  readonly endpoint: string;
  /** Services that do not look take any. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** SQS answers after twenty seconds at the latest. */
const LONGEST_ANSWER_MS = 30_000;
const LONGEST_CONNECT_MS = 5_000;

/** Connections to one service: shards are read beside each other. */
const MOST_CONNECTIONS = 256;

/** What AWS's clients need for one. HTTP/1.1, because stand-ins for Kinesis know no other. */
export function toClientOptions(
  { endpoint, accessKeyId, secretAccessKey }: SourceEndpoint,
  region: string,
): {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
} {
  return {
    ...{ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 2 },
    requestHandler: new NodeHttpHandler({
      httpAgent: { keepAlive: true, maxSockets: MOST_CONNECTIONS },
      httpsAgent: { keepAlive: true, maxSockets: MOST_CONNECTIONS },
      ...{ connectionTimeout: LONGEST_CONNECT_MS, requestTimeout: LONGEST_ANSWER_MS, throwOnRequestTimeout: true },
    }),
  };
}

/** Shards of a stream that are read: each takes a request a second. Kinesis gives an account 20,000 at the most. */
const MOST_SHARDS = 20_000;

/** Throws when a service lists shards without end. */
export function assertFew(shards: readonly unknown[]): void {
  if (shards.length > MOST_SHARDS) throw new Error(`the stream has more than ${MOST_SHARDS} shards.`);
}
