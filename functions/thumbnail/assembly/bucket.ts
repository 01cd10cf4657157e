import { Bucket, env, fail, HostError, log, S3Record } from "isola";
import { shrinkPng } from "./shrink-png";

const DEFAULT_SIZE = "128";

/** Makes a thumbnail of an object under the same key of another bucket; answers where it is, or "" for what is no picture. */
export function thumbnailOf(record: S3Record): string {
  const source = new Bucket(record.bucket).get(record.key);
  orFail(source.error);
  const small = shrinkPng(source.bytes, sizeOf(env.getOr("THUMBNAIL_SIZE", DEFAULT_SIZE)));
  if (small === null) {
    log.warn(`${record.bucket}/${record.key} is no PNG that this function knows.`);
    return "";
  }
  const target = targetOf(record.bucket);
  orFail(new Bucket(target).putBytes(record.key, small, "image/png").error);
  log.info(`${record.bucket}/${record.key}: ${source.size} bytes, its thumbnail ${small.length}`);
  return target + "/" + record.key;
}

/** Never the bucket that the upload is in: its thumbnail would be an upload too. */
function targetOf(bucket: string): string {
  const target = env.getOr("THUMBNAIL_BUCKET", bucket);
  return target == bucket ? bucket + "-resized" : target;
}

function sizeOf(text: string): i32 {
  return max(1, I32.parseInt(text));
}

/** What fails is tried again, as every asynchronous event. */
function orFail(error: HostError | null): void {
  if (error !== null) fail(error.type, error.message);
}
