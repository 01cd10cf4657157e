import { isAbsolute } from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { parseJsonObject } from '../contract/json.ts';
import type { Host } from './command.ts';
import { type Found, findCredentials } from './credentials.ts';
import { CliError, systemCode } from './failure.ts';
import { type Answer, collect, type OpenAnswer, openExchange } from './http-exchange.ts';

/** What the Lambda API answered instead of a success. */
export class ApiError extends CliError {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface ApiCall {
  /** Lambda's when absent. */
  readonly service?: 'lambda' | 'iam' | 'logs';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with every parameter percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** The Lambda API of a running Isola. Calls are signed; without a key they go unsigned, which `ISOLA_AUTH=off` accepts. */
export class LambdaClient {
  readonly endpoint: string;
  readonly #region: string;
  readonly #found: Found;

  constructor(endpoint: string, region: string, found: Found) {
    this.endpoint = endpoint;
    this.#region = region;
    this.#found = found;
  }

  /** Resolves with any 2xx answer; throws an ApiError for the rest, a CliError when nobody answers. */
  async call(call: ApiCall): Promise<Answer> {
    return await this.#reached(this.open(call).then(collect));
  }

  /** The same, but answers as soon as the answer begins. */
  async open(call: ApiCall): Promise<OpenAnswer> {
    const answer = await this.#reached(openExchange(await this.#sign(call)));
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.#refused(await this.#reached(collect(answer)));
  }

  /** Like `call`, for answers that are JSON. */
  async json(call: ApiCall): Promise<unknown> {
    const answer = await this.call(call);
    try {
      return JSON.parse(Buffer.from(answer.body).toString('utf8'));
    } catch {
      throw new CliError(`${this.endpoint} does not speak Lambda's API: is it Isola? Choose with --endpoint.`);
    }
  }

  async #sign(
    call: ApiCall,
  ): Promise<{ method: string; url: string; headers: Record<string, string>; body: Uint8Array }> {
    const base = new URL(this.endpoint);
    const body = Buffer.from(call.body ?? '');
    const headers = { host: base.host, ...call.headers, 'content-length': String(body.length) };
    const search = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
    const url = `${this.endpoint}${call.path}${search === '' ? '' : `?${search}`}`;
    if (this.#found.kind === 'none') return { method: call.method, url, headers, body };
    const signer = new SignatureV4({
      service: call.service ?? 'lambda',
      region: this.#region,
      credentials: this.#found.credentials,
      sha256: Sha256,
    });
    const signed = await signer.sign({
      method: call.method,
      protocol: base.protocol,
      hostname: base.hostname,
      path: `${base.pathname.replace(/\/$/, '')}${call.path}`,
      query: { ...call.query },
      headers,
      body,
    });
    return { method: call.method, url, headers: signed.headers, body };
  }

  async #reached<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof CliError ? error : this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): CliError {
    const code = systemCode(error) ?? (error as Error).message;
    if (code === 'ECONNREFUSED') {
      return new CliError(`Isola is not running at ${this.endpoint}: start it with \`isola serve\`.`);
    }
    return new CliError(`${this.endpoint} did not answer (${code}): is it Isola's address? Choose with --endpoint.`);
  }

  #refused(answer: Answer): ApiError {
    const body = Buffer.from(answer.body).toString('utf8');
    const { message, Message, __type } = parseJsonObject(body) ?? {};
    const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
    const type =
      answer.headers.get('x-amzn-errortype') ??
      element('Code') ??
      (__type === undefined ? undefined : String(__type).split('#').at(-1)) ??
      `HTTP ${answer.status}`;
    const code = type.split(':')[0]!;
    const text = String(message ?? Message ?? element('Message') ?? code);
    return new ApiError(code, answer.status, this.#explain(code, text));
  }

  #explain(code: string, message: string): string {
    if (this.#found.kind === 'none' && /^(MissingAuthenticationToken|AccessDenied)/.test(code)) {
      return `There are no credentials for ${this.endpoint}: run this below the folder where \`isola serve\` runs, or set ISOLA_DATA_DIR. Looked in ${this.#found.looked.join(', ')}.`;
    }
    if (this.#found.kind === 'found' && /^(UnrecognizedClient|InvalidSignature)/.test(code)) {
      const { source } = this.#found.credentials;
      const wayOut = isAbsolute(source)
        ? 'if it is of another server, set ISOLA_DATA_DIR to the folder that `isola serve` shows as data'
        : 'use the one in its data directory, or unset the variable';
      return `${this.endpoint} does not accept the key from ${source} (${message.replace(/\.$/, '')}): ${wayOut}.`;
    }
    return message;
  }
}

/** A client for the key that the user has. */
export async function createLambdaClient(
  endpoint: string,
  host: Pick<Host, 'env' | 'cwd' | 'home'>,
): Promise<LambdaClient> {
  const region = host.env.ISOLA_REGION || 'us-east-1';
  return new LambdaClient(endpoint, region, await findCredentials(host));
}
