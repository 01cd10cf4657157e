import { HttpRequest, HttpResponse, Router } from "isola";
import { shrinkPng } from "./shrink-png";

const DEFAULT_SIZE = 128;
const LARGEST_SIZE = 2048;

export const app = new Router();

app.post("/*", (request) => {
  const size = sizeOf(request);
  if (size < 1 || size > LARGEST_SIZE) return HttpResponse.error(400, `"size" must be from 1 to ${LARGEST_SIZE}.`);
  const small = shrinkPng(request.bytes(), size);
  if (small === null) return HttpResponse.error(415, "The body must be a PNG of 8 bits a channel, without interlacing.");
  return HttpResponse.bytes(small, "image/png");
});

app.get("/*", () => HttpResponse.text("POST a PNG here, with ?size=128.\n"));

function sizeOf(request: HttpRequest): i32 {
  const text = request.query("size");
  return text === null ? DEFAULT_SIZE : I32.parseInt(text);
}
