import { connect, type Socket } from 'node:net';
import { answerParent } from './child.ts';
import { type Percentiles, percentiles } from './statistics.ts';

export interface LoadQuestion {
  readonly url: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of every answer; 200 when absent. */
  readonly status?: number;
  readonly connections: number;
  /** Ends at whichever comes first. */
  readonly ms?: number;
  readonly requests?: number;
  /** What every answer's body must be, when it is known. */
  readonly expected?: string;
}

export interface LoadAnswer {
  readonly requests: number;
  readonly perSecond: number;
  /** Microseconds. */
  readonly latency: Percentiles;
}

const END_OF_HEAD = '\r\n\r\n';

/** Keeps one request on its way on each connection; any answer but the expected one ends the bench. */
answerParent(async (question: LoadQuestion): Promise<LoadAnswer> => {
  const { hostname, port } = new URL(question.url);
  const load = new Load(question);
  await Promise.all(
    Array.from({ length: question.connections }, () => load.keepAsking(connect(Number(port), hostname))),
  );
  return load.answer();
});

class Load {
  readonly #requests: readonly Buffer[];
  readonly #status: string;
  readonly #expected: string | undefined;
  readonly #until: number;
  readonly #most: number;
  readonly #began = performance.now();
  readonly #samples: number[] = [];
  #sent = 0;

  constructor({ url, paths, body, headers = {}, status = 200, ms, requests, expected }: LoadQuestion) {
    const { host } = new URL(url);
    const all = { host, ...headers, 'content-length': String(Buffer.byteLength(body)) };
    const head = `HTTP/1.1${Object.entries(all)
      .map(([name, value]) => `\r\n${name}: ${value}`)
      .join('')}`;
    this.#status = `HTTP/1.1 ${status}`;
    this.#requests = paths.map((path) => Buffer.from(`POST ${path} ${head}${END_OF_HEAD}${body}`));
    this.#expected = expected;
    this.#until = this.#began + (ms ?? Number.POSITIVE_INFINITY);
    this.#most = requests ?? Number.POSITIVE_INFINITY;
  }

  keepAsking(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0;
      let answer = '';
      const ask = (): void => {
        if (this.#sent >= this.#most || performance.now() >= this.#until) {
          socket.end();
          resolve();
          return;
        }
        sentAt = performance.now();
        answer = '';
        socket.write(this.#requests[this.#sent++ % this.#requests.length] as Buffer);
      };
      socket.setNoDelay(true).setEncoding('latin1');
      socket.on('error', reject);
      socket.on('connect', ask);
      socket.on('data', (text: string) => {
        answer += text;
        if (bytesMissing(answer) > 0) return;
        if (!answer.startsWith(this.#status) || !answer.endsWith(this.#expected ?? '')) {
          reject(new Error(`the server answered ${answer.slice(0, 300)}`));
          return;
        }
        this.#samples.push((performance.now() - sentAt) * 1000);
        ask();
      });
    });
  }

  answer(): LoadAnswer {
    const seconds = (performance.now() - this.#began) / 1000;
    const requests = this.#samples.length;
    return { requests, perSecond: requests / seconds, latency: percentiles(this.#samples) };
  }
}

/** Of an answer with a content-length, which is the only kind expected here. */
function bytesMissing(answer: string): number {
  const head = answer.indexOf(END_OF_HEAD);
  if (head < 0) return 1;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${answer.slice(0, head)}`);
  return head + END_OF_HEAD.length + Number(length) - answer.length;
}
