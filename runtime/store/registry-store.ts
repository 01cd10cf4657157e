import type { Scope } from '../contract/scope.ts';
import type { Attachment, AttachmentKind } from './attachment-record.ts';
import type {
  AliasRecord,
  FunctionKey,
  FunctionRecord,
  StoredFunction,
  UrlConfigRecord,
  VersionRecord,
} from './function-record.ts';

/**
 * Durable records of functions and their URLs. Every method is one transaction: when its promise resolves the change
 * survives a crash, and a crash before that leaves the old state. Rejections are I/O failures, never conditions of the
 * domain: those are answered as values.
 */
export interface RegistryStore {
  find(key: FunctionKey): Promise<StoredFunction | undefined>;

  /** At most `limit` functions, by account, region and name, those behind `after`. */
  page(after: FunctionKey | undefined, limit: number): Promise<readonly StoredFunction[]>;

  /** The first `limit` names in order, and which of them have a function URL. */
  listNames(scope: Scope, limit: number): Promise<readonly { readonly name: string; readonly hasUrl: boolean }[]>;

  /** Answers `exists`, and changes nothing, when the key is taken. */
  createFunction(record: FunctionRecord): Promise<'stored' | 'exists'>;

  updateTags(key: FunctionKey, tags: Readonly<Record<string, string>>): Promise<'stored' | 'missing'>;

  /** Replaces one version if its stored revision still is `expectedRevision`; `stale` otherwise, and when it is gone. */
  updateVersion(key: FunctionKey, version: VersionRecord, expectedRevision: string): Promise<'stored' | 'stale'>;

  /** Adds a published version and remembers its number; `exists` when the number was given before, or the function is gone. */
  publishVersion(key: FunctionKey, version: VersionRecord): Promise<'stored' | 'exists'>;

  /** Removes one published version and what is configured for it. */
  deleteVersion(key: FunctionKey, version: string): Promise<'deleted' | 'missing'>;

  /** Answers `exists` when the name is taken, `missing` when the function is gone. */
  createAlias(record: AliasRecord): Promise<'stored' | 'exists' | 'missing'>;

  /** Replaces the alias if its stored revision still is `expectedRevision`; `stale` otherwise, and when it is gone. */
  updateAlias(record: AliasRecord, expectedRevision: string): Promise<'stored' | 'stale'>;

  /** Removes the alias and what is configured for it. */
  deleteAlias(key: FunctionKey, alias: string): Promise<'deleted' | 'missing'>;

  /** Removes the function with everything that belongs to it. */
  deleteFunction(key: FunctionKey): Promise<'deleted' | 'missing'>;

  /** Answers `exists` when the function and qualifier have one or the id is taken, `missing` when the function is gone. */
  createUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'exists' | 'missing'>;

  /** Replaces the configuration with this id. */
  updateUrlConfig(record: UrlConfigRecord): Promise<'stored' | 'missing'>;

  deleteUrlConfig(urlId: string): Promise<'deleted' | 'missing'>;

  /** Attaches to a qualifier, in place of what of its kind was there; `missing` when the function is gone. */
  putAttachment(key: FunctionKey, qualifier: string, attachment: Attachment): Promise<'stored' | 'missing'>;

  deleteAttachment(key: FunctionKey, qualifier: string, kind: AttachmentKind): Promise<'deleted' | 'missing'>;
}
