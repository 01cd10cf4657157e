import type { FunctionVersion } from '../contract/function-version.ts';
import type { Scope } from '../contract/scope.ts';
import type { AttachedRecord, AttachmentKind } from '../store/attachment-record.ts';
import type { BlobHash } from '../store/blob-store.ts';
import type {
  AliasRecord,
  FunctionKey,
  FunctionRecord,
  StoredFunction,
  VersionRecord,
} from '../store/function-record.ts';
import { Turns } from '../store/turns.ts';
import { Attached } from './attached.ts';
import { blobsOf } from './blobs-of.ts';
import { updateInProgress } from './change-conflicts.ts';
import { functionNotFound, LATEST, parseReference } from './function-name.ts';
import { toFunctionVersion } from './to-function-version.ts';

/** One version of a function: what is stored of it, and how the invocation path sees it. */
export interface Selected {
  readonly key: FunctionKey;
  readonly record: VersionRecord;
  readonly version: FunctionVersion;
}

/** A function as it stands. */
export interface Entry {
  readonly record: FunctionRecord;
  readonly latest: Selected;
  /** By number, oldest first. */
  readonly published: ReadonlyMap<string, Selected>;
  readonly lastPublished: number;
  readonly aliases: ReadonlyMap<string, AliasRecord>;
  readonly attached: Attached;
}

/** Told how a function that has something attached, or had it, was before and is now. */
export type Watch = (before: Entry | undefined, after: Entry | undefined) => void;

const EMPTY = { published: new Map(), lastPublished: 0, aliases: new Map(), attached: Attached.NOTHING };

/** The functions in memory, and which of them are being changed. */
export class FunctionTable {
  readonly #entries = new Map<string, Entry>();
  readonly #watches: Watch[] = [];
  readonly #listeners: ((key: FunctionKey) => void)[] = [];
  readonly #turns = new Turns();
  readonly #reserved = new Set<string>();
  readonly #settling = new Map<string, Promise<void>>();
  /** Versions that calls in flight still hold, after their function moved on. */
  readonly #sources = new WeakMap<FunctionVersion, Selected>();

  watch(watch: Watch): void {
    this.#watches.push(watch);
  }

  /** Calls `listener` when anything of a function has changed, its URLs included: before whoever changed it is answered. */
  onTouched(listener: (key: FunctionKey) => void): void {
    this.#listeners.push(listener);
  }

  touched(key: FunctionKey): void {
    for (const listener of this.#listeners) listener(key);
  }

  has(key: FunctionKey): boolean {
    return this.#entries.has(idOf(key));
  }

  get(key: FunctionKey): Entry | undefined {
    return this.#entries.get(idOf(key));
  }

  /** The function that a caller names, whatever the qualifier; throws Lambda's error when there is none. */
  find(key: FunctionKey, qualifier?: string): Entry {
    const entry = this.get(key);
    if (entry === undefined) throw functionNotFound(key, qualifier);
    return entry;
  }

  /**
   * The version that a caller means. `draw`, 0 to 1, decides where an alias shares the calls: those below a version's
   * weight are its own, and 1 always is the alias's first version. Throws Lambda's error when there is none.
   */
  select(scope: Scope, reference: string, given: string | undefined, draw: number): Selected {
    const { key, qualifier } = parseReference(scope, reference, given);
    const selected = this.selectIn(this.find(key, qualifier), qualifier ?? LATEST, draw);
    if (selected === undefined) throw functionNotFound(key, qualifier);
    return selected;
  }

  selectIn(entry: Entry, qualifier: string, draw: number): Selected | undefined {
    const alias = entry.aliases.get(qualifier);
    const version = alias === undefined ? qualifier : pickVersion(alias, draw);
    return version === LATEST ? entry.latest : entry.published.get(version);
  }

  /** Takes in what the store holds of a function. */
  restore({ record, published, lastPublished, aliases, attached }: StoredFunction): void {
    this.put(record);
    this.#change(record, {
      published: new Map(published.map((version) => [version.version, this.#toSelected(record, version)])),
      lastPublished,
      aliases: new Map(aliases.map((alias) => [alias.alias, alias])),
      attached: new Attached(attached),
    });
  }

  put(record: FunctionRecord): void {
    const known = this.get(record) ?? EMPTY;
    this.#set(record, { ...known, record, latest: this.#toSelected(record, record.latest) });
  }

  putVersion(key: FunctionKey, record: VersionRecord): void {
    const { published, lastPublished } = this.find(key);
    this.#change(key, {
      published: new Map(published).set(record.version, this.#toSelected(key, record)),
      lastPublished: Math.max(lastPublished, Number(record.version)),
    });
  }

  removeVersion(key: FunctionKey, version: string): void {
    const { published, attached } = this.find(key);
    this.#change(key, { published: without(published, version), attached: attached.without(version) });
  }

  putAlias(record: AliasRecord): void {
    this.#change(record, { aliases: new Map(this.find(record).aliases).set(record.alias, record) });
  }

  removeAlias(key: FunctionKey, alias: string): void {
    const { aliases, attached } = this.find(key);
    this.#change(key, { aliases: without(aliases, alias), attached: attached.without(alias) });
  }

  attach(key: FunctionKey, record: AttachedRecord): void {
    this.#change(key, { attached: this.find(key).attached.with(record) });
  }

  detach(key: FunctionKey, qualifier: string, kind: AttachmentKind): void {
    this.#change(key, { attached: this.find(key).attached.without(qualifier, kind) });
  }

  all(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  remove(key: FunctionKey): void {
    this.#set(key, undefined);
  }

  /** What `version` was made of; a copy of it finds its source while that still runs the same image. */
  sourceOf(version: FunctionVersion): Selected | undefined {
    const known = this.#sources.get(version);
    if (known !== undefined) return known;
    return this.#versions().find(
      ({ version: { arn, image, package: code } }) =>
        arn === version.arn && image === version.image && code === version.package,
    );
  }

  runsImage(image: string): boolean {
    return this.#versions().some(({ version }) => version.image === image);
  }

  /** Every blob that a version needs. */
  blobs(): Set<BlobHash> {
    return new Set(this.#versions().flatMap(({ record }) => blobsOf(record)));
  }

  list(scope: Scope, page: { readonly after?: string; readonly limit: number }): Entry[] {
    return [...this.#entries.values()]
      .filter(({ record }) => record.region === scope.region && record.accountId === scope.accountId)
      .filter(({ record }) => page.after === undefined || record.name > page.after)
      .sort((a, b) => (a.record.name < b.record.name ? -1 : 1))
      .slice(0, page.limit);
  }

  /** Does one change of a function when those before it are stored and settled. Not to be held while something is built. */
  inTurn<T>(key: FunctionKey, change: () => Promise<T>): Promise<T> {
    return this.#turns.take(idOf(key), async () => {
      await this.settling(key);
      return change();
    });
  }

  /** The same for a change that cannot be made while one is being built that has claimed the key: that is a conflict. */
  exclusively<T>(key: FunctionKey, change: () => Promise<T>): Promise<T> {
    return this.inTurn(key, async () => {
      if (this.#reserved.has(idOf(key))) throw updateInProgress(key);
      return change();
    });
  }

  /** Claims a key for a change that is built first; false when another one has it. */
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

  #change(key: FunctionKey, change: Partial<Entry>): void {
    this.#set(key, { ...this.find(key), ...change });
  }

  #set(key: FunctionKey, after: Entry | undefined): void {
    const before = this.get(key);
    if (after) this.#entries.set(idOf(key), after);
    else this.#entries.delete(idOf(key));
    this.touched(key);
    if ((before?.attached ?? Attached.NOTHING).isEmpty && (after?.attached ?? Attached.NOTHING).isEmpty) return;
    for (const watch of this.#watches) watch(before, after);
  }

  #toSelected({ accountId, region, name }: FunctionKey, record: VersionRecord): Selected {
    const key = { accountId, region, name };
    const selected = { key, record, version: toFunctionVersion(key, record) };
    this.#sources.set(selected.version, selected);
    return selected;
  }

  #versions(): Selected[] {
    return [...this.#entries.values()].flatMap(({ latest, published }) => [latest, ...published.values()]);
  }
}

function pickVersion({ version, weights }: AliasRecord, draw: number): string {
  let share = 0;
  for (const [further, weight] of Object.entries(weights)) {
    share += weight;
    if (draw < share) return further;
  }
  return version;
}

function without<V>(map: ReadonlyMap<string, V>, name: string): ReadonlyMap<string, V> {
  return new Map([...map].filter(([each]) => each !== name));
}

function idOf(key: FunctionKey): string {
  return `${key.accountId}/${key.region}/${key.name}`;
}
