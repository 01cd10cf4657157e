import { Json } from "isola";

/** Greets whom the event names: `{"name": "Ada"}`, or `?name=Ada` when it came over HTTP. */
export function handler(event: string): string {
  const input = Json.parse(event);
  const named = input.get("name").stringOr("world");
  const name = input.get("queryStringParameters").get("name").stringOr(named);
  return Json.object().set("message", `Hello, ${name}!`).toString();
}
