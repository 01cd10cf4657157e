import { HostError, HttpResponse, Json, kv, Router } from "isola";

const PREFIX = "page/";
const app = new Router();

app.get("/", (_request) => {
  const counts = Json.object();
  const pages = kv.list(PREFIX);
  if (pages.error !== null) return unavailable(pages.error!);
  for (let i = 0; i < pages.keys.length; i++) {
    const key = pages.keys[i].key;
    counts.set(key.substring(PREFIX.length), I64.parseInt(kv.get(key).text));
  }
  return HttpResponse.json(counts);
});

app.post("/:page", (request) => count(request.param("page")));

export function handler(event: string): string {
  return app.handle(event);
}

/** Adds one visit: when somebody else has counted since we looked, we look again. */
function count(page: string): HttpResponse {
  while (true) {
    const entry = kv.get(PREFIX + page);
    if (entry.error !== null) return unavailable(entry.error!);
    const visits = (entry.exists ? I64.parseInt(entry.text) : 0) + 1;
    const change = kv.putIf(PREFIX + page, visits.toString(), entry.version);
    if (change.error !== null) return unavailable(change.error!);
    if (change.done) return HttpResponse.json(Json.object().set("page", page).set("visits", visits));
  }
}

function unavailable(error: HostError): HttpResponse {
  return HttpResponse.error(503, error.toString());
}
