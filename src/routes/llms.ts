import type { Context } from "hono";
import text from "../../public/llms.txt";

/** `GET /llms.txt`: the same as `/docs` for language models, in the form of llmstxt.org. */
export function llmsRoute(context: Context): Response {
  return context.text(text, 200, { "Cache-Control": "public, max-age=300" });
}
