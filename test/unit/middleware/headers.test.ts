import { Hono } from "hono";
import { expect, test } from "vitest";
import { crossOrigin, security } from "../../../src/middleware/headers.ts";

const app = new Hono()
  .use(security)
  .use(crossOrigin)
  .post("/v1/mner", (context) => context.json({}));
const listed = (value: string | null) => (value ?? "").split(",").map((name) => name.trim().toLowerCase());

test("lets a page of any origin send keys and payments", async () => {
  const headers = { origin: "https://page.example", "access-control-request-method": "POST" };
  const response = await app.request("/v1/mner", { method: "OPTIONS", headers });
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  const allowed = ["authorization", "content-type", "idempotency-key", "payment-signature"];
  expect(listed(response.headers.get("access-control-allow-headers"))).toEqual(expect.arrayContaining(allowed));
});

test("lets it read what was charged, what is left and how to pay", async () => {
  const response = await app.request("/v1/mner", { method: "POST", headers: { origin: "https://page.example" } });
  const exposed = ["payment-required", "payment-response", "ratelimit", "retry-after", "www-authenticate"];
  expect(listed(response.headers.get("access-control-expose-headers"))).toEqual(expect.arrayContaining(exposed));
});

test("lets nothing in a response run", async () => {
  const response = await app.request("/v1/mner", { method: "POST" });
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});
