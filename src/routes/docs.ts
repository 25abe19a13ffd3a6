import type { Context } from "hono";
import page from "../../public/index.html";

/** `GET /docs`: what the API has, as `scripts/build-docs.ts` wrote it. */
export function docsRoute(context: Context): Response {
  return context.html(page, 200, { "Cache-Control": "public, max-age=300" });
}
