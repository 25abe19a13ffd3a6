import type { Context } from "hono";

/** `GET /openapi.json`: the contract, as `scripts/build-openapi.ts` wrote it. Loaded when first asked for. */
export async function openApiRoute(context: Context): Promise<Response> {
  const { default: document } = await import("../../schemas/openapi.json");
  return context.json(document, 200, { "Cache-Control": "public, max-age=300" });
}
