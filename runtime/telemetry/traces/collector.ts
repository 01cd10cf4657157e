import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** What came of a request. */
export interface CollectorAnswer {
  /** Absent when there was no answer. */
  readonly status?: number;
  /** When it wants to be asked again. */
  readonly retryAfterMs?: number;
  /** In words, for when that was no success. */
  readonly why: string;
}

/** One connection is enough: batches go one after another. */
const AGENT = { keepAlive: true, maxSockets: 1 };

/** Where spans are posted to. */
export class Collector {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #agent: HttpAgent;

  constructor(url: string, headers: Readonly<Record<string, string>>, timeoutMs: number) {
    this.#url = new URL(url);
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
    this.#agent = this.#isTls ? new HttpsAgent(AGENT) : new HttpAgent(AGENT);
  }

  /** Never rejects; an abort is an answer that did not come. */
  async post(body: Uint8Array, signal: AbortSignal): Promise<CollectorAnswer> {
    const either = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      const response = await this.#send(body, either);
      // Nothing that it says is of use; unread it would keep its connection.
      response.on('error', () => undefined).resume();
      const { statusCode: status = 0, headers } = response;
      return { status, ...toPause(headers['retry-after']), why: `it answered ${status}` };
    } catch (error) {
      const { code, message, name } = error as NodeJS.ErrnoException;
      return { why: name === 'AbortError' ? 'it did not answer in time' : (code ?? message) };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  get #isTls(): boolean {
    return this.#url.protocol === 'https:';
  }

  #send(body: Uint8Array, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = { ...this.#headers, 'content-length': String(body.byteLength), 'user-agent': 'isola' };
    const options = { method: 'POST', agent: this.#agent, headers, signal };
    return new Promise((resolve, reject) => {
      const outgoing = (this.#isTls ? requestHttps : requestHttp)(this.#url, options, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

function toPause(header: string | undefined): { readonly retryAfterMs?: number } {
  return header !== undefined && /^\d{1,4}$/.test(header) ? { retryAfterMs: Number(header) * 1_000 } : {};
}
