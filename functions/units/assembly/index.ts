import { HttpRequest, HttpResponse, Json, Router } from "isola";
import { convert, Unit, UNITS } from "./units";

const MOST_VALUES = 1000;

const app = new Router();

/** Lists the units by symbol. */
app.get("/", () => {
  const list = Json.object();
  const symbols = UNITS.keys();
  for (let i = 0; i < symbols.length; i++) list.set(symbols[i], UNITS.get(symbols[i]).dimension);
  return HttpResponse.json(list);
});

/** Converts one value, given in the query. */
app.get("/convert", (request) => {
  const text = request.query("value");
  if (text === null) return HttpResponse.error(400, '"value" is missing.');
  const value = Json.tryParse(text);
  if (value === null || !value.isNumber) return HttpResponse.error(400, '"value" must be a number.');
  return answer(request.query("from"), request.query("to"), Json.array().push(value));
});

/** Converts up to a thousand values, given in the body. */
app.post("/convert", (request) => {
  const body = request.json();
  if (body === null || !body.isObject) return HttpResponse.error(400, "The body must be a JSON object.");
  const from = body.get("from");
  const to = body.get("to");
  return answer(from.isString ? from.text : null, to.isString ? to.text : null, body.get("values"));
});

function answer(from: string | null, to: string | null, values: Json): HttpResponse {
  if (from === null || !UNITS.has(from)) return HttpResponse.error(400, '"from" must be a known unit: GET / lists them.');
  if (to === null || !UNITS.has(to)) return HttpResponse.error(400, '"to" must be a known unit: GET / lists them.');
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (source.dimension != target.dimension) {
    return HttpResponse.error(422, `${from} is a ${source.dimension} and ${to} a ${target.dimension}.`);
  }
  if (!values.isArray || values.length > MOST_VALUES) {
    return HttpResponse.error(400, `"values" must be an array of at most ${MOST_VALUES} numbers.`);
  }
  const results = convertAll(values, source, target);
  if (results === null) return HttpResponse.error(400, `"values" must be an array of at most ${MOST_VALUES} numbers.`);
  return HttpResponse.json(Json.object().set("unit", to).set("values", results));
}

function convertAll(values: Json, from: Unit, to: Unit): Json | null {
  const results = Json.array();
  for (let i = 0; i < values.length; i++) {
    if (!values.at(i).isNumber) return null;
    results.push(convert(values.at(i).numberOr(0), from, to));
  }
  return results;
}

export function handler(event: string): string {
  return app.handle(event);
}
