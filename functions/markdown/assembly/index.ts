import { HttpResponse, Router } from "isola";
import { renderBlocks } from "./blocks";

const app = new Router();

app.post("/*", (request) => {
  // Even if something slipped through, the browser would run no script of this page.
  return HttpResponse.html(renderBlocks(request.text())).header("content-security-policy", "default-src 'none'");
});

app.get("/*", () => HttpResponse.text("POST Markdown here to get HTML.\n"));

export function handler(event: string): string {
  return app.handle(event);
}
