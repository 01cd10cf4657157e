import { Answer, callHost, HostError } from "./call";
import { Json } from "./json/json";
import { utf8 } from "./utf8";

/** What is kept under a key. */
export class KvEntry {
  /** Why nothing is known of it; null when something is. */
  readonly error: HostError | null;
  /** 0 when there is no such key. */
  readonly version: i64;
  readonly bytes: Uint8Array;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.version = answer.head.get("version").integerOr(0);
    this.bytes = answer.bytes;
  }

  get exists(): bool {
    return this.version > 0;
  }
  /** The value as text; "" when there is none. */
  get text(): string {
    return utf8.decode(this.bytes);
  }
}

/** What came of a put or a delete. */
export class KvChange {
  /** Why it was not tried; null when it was. */
  readonly error: HostError | null;
  /** False when it was not tried, or another version was there than was expected. */
  readonly done: bool;
  /** The key's version now, 0 when it is gone. */
  readonly version: i64;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.done = answer.head.get("done").booleanOr(false);
    this.version = answer.head.get("version").integerOr(0);
  }
}

/** A key as `list` shows it. */
export class KvKey {
  constructor(
    public readonly key: string,
    public readonly version: i64,
    /** Size of the value. */
    public readonly bytes: i64,
  ) {}
}

/** Some keys, in the order of their bytes. */
export class KvPage {
  /** Why nothing could be listed; null when it could. */
  readonly error: HostError | null;
  readonly keys: KvKey[] = [];
  /** The `after` of the next page; null when this is the last one. */
  readonly next: string | null;

  constructor(answer: Answer) {
    const keys = answer.head.get("keys");
    for (let i = 0; i < keys.length; i++) {
      const key = keys.at(i);
      this.keys.push(new KvKey(key.get("key").stringOr(""), key.get("version").integerOr(0), key.get("bytes").integerOr(0)));
    }
    const next = answer.head.get("next");
    this.next = next.isString ? next.text : null;
    this.error = answer.error;
  }
}

/**
 * Durable values by key, in a namespace of the account and region. A key has at most 512 bytes of UTF-8, a value 400 KiB; what was
 * answered survives a crash. The function's role must allow `isola:KvGet`, `isola:KvPut`, `isola:KvDelete` and `isola:KvList`.
 *
 *     const entry = kv.get("count");
 *     const change = kv.putIf("count", "1", entry.version);
 *     if (!change.done) ...                            // somebody was quicker, or change.error says why not
 */
export class Kv {
  /** Without a name it is the function's own, which is called like the function. */
  constructor(private readonly namespace: string | null = null) {}

  /** What is kept under a key; version 0 where there is nothing. */
  get(key: string): KvEntry {
    return new KvEntry(callHost(this.head("kv.get", key)));
  }

  /** Puts a text, whatever is there. */
  put(key: string, value: string): KvChange {
    return this.putBytes(key, utf8.encode(value));
  }

  putBytes(key: string, value: Uint8Array): KvChange {
    return new KvChange(callHost(this.head("kv.put", key), value));
  }

  /** Puts only if the key has this version: what `get` or a change answered, or 0 for a key that must not be there yet. */
  putIf(key: string, value: string, version: i64): KvChange {
    return this.putBytesIf(key, utf8.encode(value), version);
  }

  putBytesIf(key: string, value: Uint8Array, version: i64): KvChange {
    return new KvChange(callHost(this.head("kv.put", key).set("ifVersion", version), value));
  }

  /** Deletes a key; one that is not there is no error. */
  delete(key: string): KvChange {
    return new KvChange(callHost(this.head("kv.delete", key)));
  }

  /** Deletes it only if it has this version. */
  deleteIf(key: string, version: i64): KvChange {
    return new KvChange(callHost(this.head("kv.delete", key).set("ifVersion", version)));
  }

  /** At most 1,000 keys that begin with `prefix`, those behind `after`. */
  list(prefix: string = "", after: string = "", limit: i32 = 1_000): KvPage {
    const head = this.head("kv.list", null).set("prefix", prefix).set("after", after).set("limit", limit);
    return new KvPage(callHost(head));
  }

  private head(op: string, key: string | null): Json {
    const head = Json.object().set("op", op);
    if (key !== null) head.set("key", key);
    const namespace = this.namespace;
    return namespace === null ? head : head.set("namespace", namespace);
  }
}

/** The function's own namespace. */
// @ts-ignore: decorator
@lazy export const kv: Kv = new Kv();
