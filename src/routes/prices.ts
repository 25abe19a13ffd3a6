import type { Context } from "hono";
import { operationPrice, PaidOperation, type PricesAnswer } from "../../schemas/prices.ts";

const ANSWER: PricesAnswer = { currency: "USD", prices: PaidOperation.options.map(operationPrice) };

/** `GET /v1/prices`: what each operation costs. */
export function pricesRoute(context: Context): Response {
  return context.json(ANSWER, 200, { "Cache-Control": "public, max-age=300" });
}
