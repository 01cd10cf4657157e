import { Json, s3Records } from "isola";
import { thumbnailOf } from "./bucket";
import { app } from "./http";

/** Called by a bucket that tells of uploads, or over HTTP. */
export function handler(event: string): string {
  const records = s3Records(Json.parse(event));
  if (records.length == 0) return app.handle(event);
  const made = Json.array();
  for (let i = 0; i < records.length; i++) made.push(thumbnailOf(records[i]));
  return Json.object().set("thumbnails", made).toString();
}
