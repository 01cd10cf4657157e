import { fail, HttpRequest, HttpResponse, Json, ResponseStream } from "isola";
import { Board } from "./board";

/** Fourteen queens have 365,596 solutions, ten megabytes. */
const MOST_QUEENS: i64 = 14;
const RANGE = `"n" must be a whole number from 1 to ${MOST_QUEENS}.`;

/** Streams every way to place n queens so that none attacks another, each line as soon as it is found. */
export function handler(event: string): string {
  const input = Json.parse(event);
  const isHttp = input.get("requestContext").isObject;
  const size = isHttp ? queryNumber(new HttpRequest(input), "n") : input.get("n").integerOr(-1);
  if (size < 1 || size > MOST_QUEENS) {
    if (isHttp) return HttpResponse.error(400, RANGE).toString();
    fail("RangeError", RANGE);
  }

  if (isHttp) ResponseStream.http(200, Json.object().set("content-type", "text/plain; charset=utf-8"));
  new Board(<i32>size).solve((line) => ResponseStream.write(line + "\n"));
  return "";
}

function queryNumber(request: HttpRequest, name: string): i64 {
  const text = request.query(name);
  if (text === null) return -1;
  const value = Json.tryParse(text);
  return value === null ? -1 : value.integerOr(-1);
}
