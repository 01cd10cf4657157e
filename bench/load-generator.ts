import { answerParent } from './child.ts';
import { type RawAnswer, RawConnection, toRequest } from './raw-connection.ts';
import { type Percentiles, percentiles } from './statistics.ts';

export interface LoadQuestion {
  readonly url: string;
  /** Asked in turn; or, `kept`, each by connections of its own, so that slow ones do not gather them. */
  readonly paths: readonly string[];
  readonly kept?: boolean;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of every answer; 200 when absent. */
  readonly status?: number | 'any';
  readonly connections: number;
  /** At most so many, evenly; as many as are answered when absent. */
  readonly perSecond?: number;
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
  /** Processor time of the load itself for each request, microseconds. */
  readonly ownCpuUs: number;
}

/** Keeps one request on its way on each connection; any answer but the expected one ends the bench. */
answerParent(async (question: LoadQuestion): Promise<LoadAnswer> => {
  const load = new Load(question);
  await Promise.all(Array.from({ length: question.connections }, (_, lane) => load.keepAsking(question.url, lane)));
  return load.answer();
});

class Load {
  readonly #requests: readonly Buffer[];
  readonly #status: number | 'any';
  readonly #kept: boolean;
  readonly #expected: Buffer | undefined;
  readonly #until: number;
  readonly #most: number;
  readonly #everyMs: number;
  readonly #cpuBefore = process.cpuUsage();
  readonly #began = performance.now();
  readonly #samples: number[] = [];
  #sent = 0;

  constructor(question: LoadQuestion) {
    const { url, paths, body, headers = {}, status = 200, kept = false, ms, requests, expected } = question;
    this.#status = status;
    this.#kept = kept;
    this.#requests = paths.map((path) => toRequest(url, path, headers, body));
    this.#expected = expected === undefined ? undefined : Buffer.from(expected);
    this.#until = this.#began + (ms ?? Number.POSITIVE_INFINITY);
    this.#most = requests ?? Number.POSITIVE_INFINITY;
    this.#everyMs = question.perSecond === undefined ? 0 : 1_000 / question.perSecond;
  }

  keepAsking(url: string, lane: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0;
      const ask = (now: number): void => {
        const dueAt = this.#began + this.#sent * this.#everyMs;
        if (this.#sent >= this.#most || Math.max(now, dueAt) >= this.#until) {
          connection.end();
          resolve();
          return;
        }
        const next = this.#sent++;
        if (now < dueAt) setTimeout(() => send(performance.now(), next), dueAt - now);
        else send(now, next);
      };
      const send = (now: number, next: number): void => {
        sentAt = now;
        connection.ask(this.#requests[(this.#kept ? lane : next) % this.#requests.length] as Buffer);
      };
      const connection = new RawConnection(url, {
        open: () => ask(performance.now()),
        answer: (answer) => {
          const now = performance.now();
          if (!this.#isExpected(answer)) {
            reject(new Error(`the server answered ${answer.bytes.toString('latin1', 0, 300)}`));
            return;
          }
          this.#samples.push((now - sentAt) * 1000);
          ask(now);
        },
        closed: (error = new Error('the server ended a connection')) => reject(error),
      });
    });
  }

  answer(): LoadAnswer {
    const seconds = (performance.now() - this.#began) / 1000;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    const requests = this.#samples.length;
    return {
      ...{ requests, perSecond: requests / seconds, latency: percentiles(this.#samples) },
      ownCpuUs: (user + system) / requests,
    };
  }

  #isExpected({ status, bytes, bodyAt }: RawAnswer): boolean {
    if (this.#status !== 'any' && status !== this.#status) return false;
    const expected = this.#expected;
    return (
      !expected ||
      (bytes.length - bodyAt === expected.length && bytes.compare(expected, 0, expected.length, bodyAt) === 0)
    );
  }
}
