import { Answer, callHost, HostError } from "./call";
import { Json } from "./json/json";
import { utf8 } from "./utf8";

/** An object, or a part of it. */
export class S3Object {
  /** Why there is none; null when there is. */
  readonly error: HostError | null;
  readonly bytes: Uint8Array;
  /** Of the whole object, in bytes. */
  readonly size: i64;
  readonly etag: string;
  readonly contentType: string;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.bytes = answer.bytes;
    this.size = answer.head.get("bytes").integerOr(0);
    this.etag = answer.head.get("etag").stringOr("");
    this.contentType = answer.head.get("contentType").stringOr("");
  }

  get text(): string {
    return utf8.decode(this.bytes);
  }
}

/** What came of a put. */
export class S3Put {
  /** Why it was not put; null when it was. */
  readonly error: HostError | null;
  readonly etag: string;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.etag = answer.head.get("etag").stringOr("");
  }
}

/** What came of a delete. */
export class S3Removal {
  /** Why it may still be there; null when it is not. */
  readonly error: HostError | null;

  constructor(answer: Answer) {
    this.error = answer.error;
  }
}

/** An object as `list` shows it; its size in bytes. */
export class ObjectSummary {
  constructor(
    public readonly key: string,
    public readonly size: i64,
    public readonly etag: string,
  ) {}
}

/** Some objects, in the order of their keys' bytes. */
export class BucketPage {
  /** Why nothing could be listed; null when it could. */
  readonly error: HostError | null;
  readonly objects: ObjectSummary[] = [];
  /** The `after` of the next page; null when this is the last one. */
  readonly next: string | null;

  constructor(answer: Answer) {
    const objects = answer.head.get("objects");
    for (let i = 0; i < objects.length; i++) {
      const each = objects.at(i);
      const size = each.get("bytes").integerOr(0);
      this.objects.push(new ObjectSummary(each.get("key").stringOr(""), size, each.get("etag").stringOr("")));
    }
    const next = answer.head.get("next");
    this.next = next.isString ? next.text : null;
    this.error = answer.error;
  }
}

/**
 * A bucket of this Isola's. A call carries 6 MiB at the most; what was put survives a crash. Errors have S3's names, such as
 * `NoSuchKey`. The function's role must allow `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket`.
 */
export class Bucket {
  constructor(public readonly name: string) {}

  /** A whole object; `EntityTooLarge` when it is too large for one call: take parts of it. */
  get(key: string): S3Object {
    return new S3Object(callHost(this.head("s3.get", key)));
  }

  /** At most `length` bytes of it; how large it is in all stands beside them. */
  getPart(key: string, offset: i64, length: i32): S3Object {
    return new S3Object(callHost(this.head("s3.get", key).set("offset", offset).set("length", length)));
  }

  put(key: string, body: string, contentType: string = "text/plain; charset=utf-8"): S3Put {
    return this.putBytes(key, utf8.encode(body), contentType);
  }

  putBytes(key: string, body: Uint8Array, contentType: string = "application/octet-stream"): S3Put {
    return new S3Put(callHost(this.head("s3.put", key).set("contentType", contentType), body));
  }

  /** Deletes an object; one that is not there is no error. */
  delete(key: string): S3Removal {
    return new S3Removal(callHost(this.head("s3.delete", key)));
  }

  /** At most 100 objects whose keys begin with `prefix`, those behind `after`. */
  list(prefix: string = "", after: string = "", limit: i32 = 100): BucketPage {
    const head = Json.object().set("op", "s3.list").set("bucket", this.name);
    return new BucketPage(callHost(head.set("prefix", prefix).set("after", after).set("limit", limit)));
  }

  private head(op: string, key: string): Json {
    return Json.object().set("op", op).set("bucket", this.name).set("key", key);
  }
}
