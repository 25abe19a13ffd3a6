import { Hono } from "hono";
import { expect, test } from "vitest";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { HEADERS } from "../../../scripts/openapi/access.ts";
import { crossOrigin, security } from "../../../src/middleware/headers.ts";

const app = new Hono()
  .use(security)
  .use(crossOrigin)
  .get("/", (context) => context.text("a"));
const list = (response: Response, name: string) => (response.headers.get(name) ?? "").split(",");

test("a page may use every method, send a key, and read every header that is described", async () => {
  const asked = { origin: "https://page.test", "access-control-request-method": "DELETE" };
  const preflight = await app.request("/", { method: "OPTIONS", headers: asked });
  const methods = new Set(OPERATIONS.map(({ method }) => method.toUpperCase()));
  expect(list(preflight, "access-control-allow-methods")).toEqual(expect.arrayContaining([...methods]));
  expect(list(preflight, "access-control-allow-headers")).toEqual(
    expect.arrayContaining(["Authorization", "Idempotency-Key", "PAYMENT-SIGNATURE"]),
  );
  const answer = await app.request("/", { headers: { origin: "https://page.test" } });
  expect(list(answer, "access-control-expose-headers")).toEqual(expect.arrayContaining(Object.keys(HEADERS)));
  expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
});

test("nothing in a response may run", async () => {
  const { headers } = await app.request("/");
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});
