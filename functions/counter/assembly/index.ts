import { Json } from "isola";

let count = 0;

/** Answers how often it was called, as far as it can know. */
export function handler(event: string): string {
  count++;
  return Json.object().set("count", count).toString();
}
