import type { IncomingMessage } from 'node:http';
import { LambdaError } from '../../contract/errors.ts';
import { UNZIPPED_BYTES } from '../../contract/limits.ts';
import type { ObjectName, ObjectSource } from '../../contract/object-source.ts';
import { Turns } from '../turns.ts';
import { readBounded } from './read-bounded.ts';
import { toS3Error } from './s3-error.ts';
import { type SigningOptions, signGet } from './sign-get.ts';

export interface ObjectSourceOptions extends SigningOptions {
  /** How long one object may take in all, in milliseconds; half a minute unless said otherwise. */
  readonly timeoutMs?: number;
  /** How large it may be, in bytes: what a package may unpack to, unless said otherwise. */
  readonly mostBytes?: number;
}

const TIMEOUT_MS = 30_000;
/** Objects read at a time: a small request may ask for a large one. */
const LANES = 2;
/** An error's document is not longer. */
const ERROR_BYTES = 65_536;

/** Reads objects from a server that speaks S3. It is believed in nothing: size and time are bounded, redirects not followed. */
export function createObjectSource(options: ObjectSourceOptions): ObjectSource {
  const lanes = new Turns();
  let asked = 0;
  return (object) => lanes.take(String(asked++ % LANES), () => read(object, options));
}

async function read(object: ObjectName, options: ObjectSourceOptions): Promise<Uint8Array> {
  const { timeoutMs = TIMEOUT_MS, mostBytes = UNZIPPED_BYTES } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await get(object, options, signal);
    const isObject = response.statusCode === 200;
    const body = await readBounded(response, isObject ? mostBytes : ERROR_BYTES);
    if (!isObject) throw toS3Error(response.statusCode, body);
    if (body !== undefined) return body;
  } catch (error) {
    throw error instanceof LambdaError ? error : unreachable(signal.aborted ? 'it took too long' : codeOf(error));
  }
  throw new LambdaError('InvalidParameterValueException', `Unzipped size must be smaller than ${mostBytes} bytes`);
}

/** Node's own client takes the path as it is; a URL would resolve the dots in a key. */
async function get(object: ObjectName, options: ObjectSourceOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { protocol, hostname, port } = options.endpoint;
  const { request } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const { path, headers } = await signGet(object, options);
  return new Promise((resolve, reject) => {
    request({ method: 'GET', host, port, path, headers, signal, agent: false }, resolve).on('error', reject).end();
  });
}

function unreachable(why: string): LambdaError {
  return new LambdaError(
    'ServiceException',
    `Error occurred while GetObject. S3 Error Code: ServiceUnavailable. S3 Error Message: The object store did not answer: ${why}.`,
  );
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? 'unknown');
}
