import type { Context } from "hono";
import text from "../../public/llms.txt";

/** `GET /llms.txt`: the content of `/docs` for language models, in the format of llmstxt.org. */
export function llmsRoute(context: Context): Response {
  return context.text(text, 200, { "Cache-Control": "public, max-age=300" });
}
