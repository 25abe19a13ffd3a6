import type { Context } from "hono";
import document from "../../schemas/openapi.json";

/** `GET /openapi.json`: the contract, as `scripts/build-openapi.ts` wrote it. */
export function openApiRoute(context: Context): Response {
  return context.json(document, 200, { "Cache-Control": "public, max-age=300" });
}
