import { setImmediate } from 'node:timers/promises';
import type { Observer } from '../contract/observer.ts';
import type { FunctionKey, StoredFunction } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { Artifacts } from './artifacts.ts';
import type { FunctionTable } from './function-table.ts';
import type { FunctionUrls } from './function-urls.ts';
import { recoverFunction } from './recovery.ts';

export interface OpeningDeps {
  readonly store: RegistryStore;
  readonly observer: Observer;
  readonly artifacts: Artifacts;
  readonly functions: FunctionTable;
  readonly urls: FunctionUrls;
}

/** Functions read at a time: about two milliseconds of the main thread. */
const PAGE = 64;

/**
 * Brings stored functions into memory, each once: one that is asked for at once, the rest when nothing is in the way.
 * Each is recovered on its way: what a crash interrupted is finished, what another rewriter built is built again.
 */
export class Opening {
  readonly #deps: OpeningDeps;
  readonly #admissions = new Map<string, Promise<void>>();
  #whole: Promise<void> | undefined;
  #stopped = false;
  #complete = false;

  constructor(deps: OpeningDeps) {
    this.#deps = deps;
  }

  /** True when every stored function is in memory. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Resolves when the function is in memory, or there is none. */
  async take(key: FunctionKey): Promise<void> {
    const stored = await this.#deps.store.find(key);
    if (stored) await this.#admit(stored);
  }

  /** Resolves when every stored function is in memory. */
  all(): Promise<void> {
    this.#whole ??= this.#readAll();
    return this.#whole;
  }

  /** Reads no further; resolves when nothing is being read. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#whole?.catch(() => undefined);
  }

  async #readAll(): Promise<void> {
    let after: FunctionKey | undefined;
    do {
      const page = await this.#deps.store.page(after, PAGE);
      for (const stored of page) await this.#admit(stored);
      after = page.length < PAGE ? undefined : page.at(-1)?.record;
      await setImmediate();
    } while (after !== undefined && !this.#stopped);
    this.#complete = !this.#stopped;
  }

  #admit(stored: StoredFunction): Promise<void> {
    const { accountId, region, name } = stored.record;
    const id = `${accountId}/${region}/${name}`;
    const admission = this.#admissions.get(id) ?? this.#recover(stored).finally(() => this.#admissions.delete(id));
    this.#admissions.set(id, admission);
    return admission;
  }

  async #recover(stored: StoredFunction): Promise<void> {
    const { functions, urls } = this.#deps;
    if (functions.has(stored.record)) return;
    functions.restore(await recoverFunction(stored, this.#deps));
    urls.restore(stored.urlConfigs);
  }
}
