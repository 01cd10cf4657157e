import { HttpResponse, log, Router } from "isola";

// What runs up here is done once, at deploy: its outcome is part of the image that every invocation starts from.
const app = new Router();

app.get("/", () => HttpResponse.text("Hello from my-function!\n"));

app.get("/hello/:name", (request) => {
  log.info("greeting " + request.param("name"));
  return HttpResponse.text("Hello, " + request.param("name") + "!\n");
});

export function handler(event: string): string {
  return app.handle(event);
}
