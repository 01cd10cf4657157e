import { LambdaError } from '../contract/errors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Scope } from '../contract/scope.ts';
import type { Resolver, UrlTarget } from '../gateway/index.ts';
import { type ChangeReader, type Moment, toPlace } from './change-counters.ts';
import type { Questions, Target } from './questions.ts';

type UrlQuestion = Questions['url']['question'];
type Known = Target & { readonly url?: UrlTarget };

interface Entry {
  readonly known: Known;
  readonly moment: Moment;
  readonly place: number;
}

interface Asking {
  readonly moment: Moment;
  readonly answer: Promise<Known | undefined>;
}

export interface FunctionViewDeps {
  readonly changes: ChangeReader;
  readonly ask: <Kind extends 'function' | 'url'>(
    kind: Kind,
    question: Questions[Kind]['question'],
  ) => Promise<Questions[Kind]['answer']>;
  /** Told of what a function's account and region have reserved together. */
  readonly reserved: (scope: Scope, count: number) => void;
}

/** Answers that are remembered; the least recently asked go first. */
const MOST = 8_192;

/**
 * The functions as a front knows them: what the keeper said of them, for as long as nothing has changed since. Whether
 * it still holds is looked up when a request comes, by `findFunction` or `findUrl`; what a request then resolves is what was found.
 */
export class FunctionView implements Resolver {
  readonly #deps: FunctionViewDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #asking = new Map<string, Asking>();
  readonly #mayLog = new WeakMap<FunctionVersion, boolean>();

  constructor(deps: FunctionViewDeps) {
    this.#deps = deps;
  }

  /** What a name leads to now. Rejects as the keeper's registry throws. */
  findFunction(scope: Scope, name: string, qualifier?: string): Target | Promise<Target | undefined> {
    const key = functionKey(scope, name, qualifier);
    return this.#find(key, () => this.#deps.ask('function', { scope, name, qualifier }));
  }

  /** What a function URL leads to now; undefined when there is none. */
  findUrl(question: UrlQuestion): Known | Promise<Known | undefined> {
    return this.#find(urlKey(question), () => this.#deps.ask('url', question));
  }

  ready(): undefined {
    return undefined;
  }

  resolve(scope: Scope, name: string, qualifier?: string): FunctionVersion {
    const entry = this.#entries.get(functionKey(scope, name, qualifier));
    if (entry === undefined) throw new LambdaError('ServiceException', 'Too many functions were called meanwhile.');
    return entry.known.version;
  }

  /** Only root's requests are served here, and root needs no policy. */
  policyOf(): undefined {
    return undefined;
  }

  resolveUrl(urlId: string): UrlTarget | undefined {
    return this.#entries.get(urlKey({ urlId }))?.known.url;
  }

  resolveUrlOf(scope: Scope, name: string, qualifier?: string): UrlTarget | undefined {
    return this.#entries.get(urlKey({ scope, name, qualifier }))?.known.url;
  }

  /** May the version's lines be written to the log? */
  mayLog(version: FunctionVersion): boolean {
    return this.#mayLog.get(version) ?? false;
  }

  #find(key: string, ask: () => Promise<Known | undefined>): Known | Promise<Known | undefined> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#deps.changes.holds(entry.moment, entry.place)) return entry.known;
    const asking = this.#asking.get(key);
    if (asking !== undefined && this.#deps.changes.isNow(asking.moment)) return asking.answer;
    return this.#ask(key, ask);
  }

  #ask(key: string, ask: () => Promise<Known | undefined>): Promise<Known | undefined> {
    const moment = this.#deps.changes.moment();
    const answer = ask().then(
      (known) => {
        if (this.#asking.get(key) === asking) this.#asking.delete(key);
        if (known !== undefined) this.#remember(key, known, moment);
        return known;
      },
      (error: unknown) => {
        if (this.#asking.get(key) === asking) this.#asking.delete(key);
        throw error;
      },
    );
    const asking = { moment, answer };
    this.#asking.set(key, asking);
    return answer;
  }

  #remember(key: string, known: Known, moment: Moment): void {
    const { arn, name } = known.version;
    const [, , , region = '', accountId = ''] = arn.split(':');
    this.#deps.reserved({ region, accountId }, known.reserved);
    this.#mayLog.set(known.version, known.mayLog);
    this.#entries.delete(key);
    this.#entries.set(key, { known, moment, place: toPlace(name) });
    if (this.#entries.size > MOST) this.#entries.delete(this.#entries.keys().next().value as string);
  }
}

function functionKey({ accountId, region }: Scope, name: string, qualifier: string | undefined): string {
  return `${accountId}/${region}/${name}/${qualifier ?? ''}`;
}

function urlKey(question: UrlQuestion): string {
  if ('urlId' in question) return `url/${question.urlId}`;
  return `url/${functionKey(question.scope, question.name, question.qualifier)}`;
}
