import { Json } from "isola";

/** Greets whom the event names: `{"name": "Ada"}`. */
export function handler(event: string): string {
  const name = Json.parse(event).get("name").stringOr("world");
  return Json.object().set("message", `Hello, ${name}!`).toString();
}
