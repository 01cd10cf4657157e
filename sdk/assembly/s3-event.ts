import { percentDecode } from "./http/query";
import { Json } from "./json/json";

/** Something that became of an object. */
export class S3Record {
  /** Such as "ObjectCreated:Put". */
  readonly eventName: string;
  readonly bucket: string;
  readonly key: string;
  /** 0 when it is gone. */
  readonly size: i64;
  readonly etag: string;

  constructor(record: Json) {
    const s3 = record.get("s3");
    const object = s3.get("object");
    this.eventName = record.get("eventName").stringOr("");
    this.bucket = s3.get("bucket").get("name").stringOr("");
    this.key = percentDecode(object.get("key").stringOr(""), " ");
    this.size = object.get("size").integerOr(0);
    this.etag = object.get("eTag").stringOr("");
  }
}

/** What a bucket's notification tells; empty for every other event. */
export function s3Records(event: Json): S3Record[] {
  const records = event.get("Records");
  const found: S3Record[] = [];
  for (let i = 0; i < records.length; i++) {
    const record = records.at(i);
    if (record.get("eventSource").stringOr("") == "aws:s3") found.push(new S3Record(record));
  }
  return found;
}
