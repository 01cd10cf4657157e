import type { FunctionVersion } from '../contract/function-version.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionKey, FunctionRecord } from '../store/function-record.ts';
import { functionNotFound, LATEST, parseReference } from './function-name.ts';
import { toFunctionVersion } from './to-function-version.ts';

/** A function as it stands, and as the invocation path sees it. */
export interface Entry {
  readonly record: FunctionRecord;
  readonly version: FunctionVersion;
}

/** The functions in memory, and which of them are being changed. */
export class FunctionTable {
  readonly #entries = new Map<string, Entry>();
  readonly #reserved = new Set<string>();
  readonly #settling = new Map<string, Promise<void>>();
  /** Versions that calls in flight still hold, after their function moved on. */
  readonly #sources = new WeakMap<FunctionVersion, FunctionRecord>();

  has(key: FunctionKey): boolean {
    return this.#entries.has(idOf(key));
  }

  get(key: FunctionKey): Entry | undefined {
    return this.#entries.get(idOf(key));
  }

  /** The function a caller means; throws Lambda's errors when there is none, or not with this qualifier. */
  find(scope: Scope, reference: string, given?: string): Entry {
    const { key, qualifier } = parseReference(scope, reference, given);
    const entry = qualifier === undefined || qualifier === LATEST ? this.get(key) : undefined;
    if (entry === undefined) throw functionNotFound(key, qualifier);
    return entry;
  }

  put(record: FunctionRecord): void {
    const version = toFunctionVersion(record, record.latest);
    this.#sources.set(version, record);
    this.#entries.set(idOf(record), { record, version });
  }

  remove(key: FunctionKey): void {
    this.#entries.delete(idOf(key));
  }

  /** The record that `version` was made of; a copy of it finds its function while that still runs the same image. */
  sourceOf(version: FunctionVersion): FunctionRecord | undefined {
    const known = this.#sources.get(version);
    if (known !== undefined) return known;
    for (const { record, version: current } of this.#entries.values()) {
      if (current.arn === version.arn && current.image === version.image && current.package === version.package) {
        return record;
      }
    }
    return undefined;
  }

  runsImage(image: string): boolean {
    return [...this.#entries.values()].some(({ version }) => version.image === image);
  }

  list(scope: Scope, page: { readonly after?: string; readonly limit: number }): FunctionRecord[] {
    return [...this.#entries.values()]
      .map((entry) => entry.record)
      .filter((record) => record.region === scope.region && record.accountId === scope.accountId)
      .filter((record) => page.after === undefined || record.name > page.after)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, page.limit);
  }

  /** Claims a key for one change; false when another one has it. */
  reserve(key: FunctionKey): boolean {
    const id = idOf(key);
    if (this.#reserved.has(id)) return false;
    this.#reserved.add(id);
    return true;
  }

  release(key: FunctionKey): void {
    this.#reserved.delete(idOf(key));
  }

  /** Registers a state about to settle; `settled` never rejects. */
  settle(key: FunctionKey, settled: Promise<void>): void {
    const id = idOf(key);
    this.#settling.set(id, settled);
    void settled.then(() => {
      if (this.#settling.get(id) === settled) this.#settling.delete(id);
    });
  }

  async settling(key: FunctionKey): Promise<void> {
    await this.#settling.get(idOf(key));
  }

  async allSettled(): Promise<void> {
    await Promise.all(this.#settling.values());
  }
}

function idOf(key: FunctionKey): string {
  return `${key.accountId}/${key.region}/${key.name}`;
}
