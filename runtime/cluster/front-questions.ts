import type { LoadedArtifact } from '../contract/artifact.ts';
import type { KeepLines } from '../contract/function-lines.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { HostAnswer, ServeHostCall } from '../contract/host-call.ts';
import type { Scope } from '../contract/scope.ts';
import type { UsageBook } from '../contract/usage.ts';
import type { RootKey } from '../gateway/index.ts';
import type { LogGrant } from '../identity/log-grant.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import type { GuestCall, Questions, Target } from './questions.ts';

export interface FrontQuestionsDeps {
  readonly registry: FunctionRegistry;
  readonly hostCalls: ServeHostCall;
  readonly mayLog: LogGrant;
  readonly usage: UsageBook;
  readonly keepLines: KeepLines;
  readonly rootKey: RootKey;
  /** How many processes share an account's concurrency. */
  readonly processes: number;
  /** Says of a guest's call that it is going to take long. */
  readonly park: (id: number) => void;
}

/** Versions that a front was told of, and may still load after their function has moved on. */
const MOST_TOLD = 2_048;

/** What the keeper answers one front. */
export class FrontQuestions {
  readonly #deps: FrontQuestionsDeps;
  readonly #told = new Map<string, FunctionVersion>();
  readonly #calls = new Map<number, AbortController>();

  constructor(deps: FrontQuestionsDeps) {
    this.#deps = deps;
  }

  async answer(kind: string, question: never): Promise<unknown> {
    switch (kind as keyof Questions) {
      case 'hello':
        return { rootKey: this.#deps.rootKey };
      case 'function':
        return this.#findFunction(question);
      case 'url':
        return this.#findUrl(question);
      case 'load':
        return this.#load(question);
      case 'call':
        return this.#call(question);
      case 'usage':
        return this.#addUsage(question);
      case 'lines':
        return this.#keepLines(question);
    }
  }

  /** Nobody waits for this call any more. */
  end(id: number): void {
    this.#calls.get(id)?.abort();
  }

  close(): void {
    for (const call of this.#calls.values()) call.abort();
  }

  async #findFunction({ scope, name, qualifier }: Questions['function']['question']): Promise<Target> {
    const { registry } = this.#deps;
    await registry.ready();
    return this.#toTarget(registry.resolve(scope, name, qualifier), registry.isUncounted(scope, name, qualifier));
  }

  async #findUrl(question: Questions['url']['question']): Promise<Questions['url']['answer']> {
    const { registry } = this.#deps;
    await registry.ready();
    const found =
      'urlId' in question
        ? registry.resolveUrl(question.urlId)
        : registry.resolveUrlOf(question.scope, question.name, question.qualifier);
    if (found === undefined) return undefined;
    const { qualifier, name } = found.config;
    const target = await this.#toTarget(found.target, registry.isUncounted(found.scope, name, qualifier));
    return { ...target, url: { ...found, target: target.version } };
  }

  async #toTarget(version: FunctionVersion, isUncounted: boolean): Promise<Target> {
    const { registry, processes, mayLog } = this.#deps;
    const scope = toScope(version);
    const unreserved = registry.reserved.unreserved(scope);
    const reserved = registry.reserved.accountLimit - unreserved;
    this.#told.delete(version.revision);
    this.#told.set(version.revision, version);
    if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.keys().next().value as string);
    return { version, isAnyones: isUncounted && unreserved >= processes, mayLog: await mayLog(version), reserved };
  }

  async #addUsage({ usage }: Questions['usage']['question']): Promise<Questions['usage']['answer']> {
    await this.#deps.usage.add(usage);
    return {};
  }

  async #keepLines({ lines }: Questions['lines']['question']): Promise<Questions['lines']['answer']> {
    await this.#deps.keepLines(lines);
    return {};
  }

  /** By the version itself rather than the copy that came: its source is known as long as it is held. */
  #load(copy: FunctionVersion): Promise<LoadedArtifact> {
    return this.#deps.registry.load(this.#told.get(copy.revision) ?? copy);
  }

  async #call({ id, invocation, head, body }: GuestCall): Promise<HostAnswer> {
    const ending = new AbortController();
    this.#calls.set(id, ending);
    const park = (): boolean => {
      this.#deps.park(id);
      return !ending.signal.aborted;
    };
    try {
      return await this.#deps.hostCalls({ invocation, head, body, signal: ending.signal, park });
    } finally {
      this.#calls.delete(id);
    }
  }
}

function toScope({ arn }: FunctionVersion): Scope {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return { region, accountId };
}
