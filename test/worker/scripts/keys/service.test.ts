import { expect, test } from "vitest";
import * as z from "zod/mini";
import { problemDocument } from "../../../../schemas/problem.ts";
import { operate, type Service } from "../../../../scripts/keys/service.ts";

const answering = (answer: () => Promise<Response>): Service => ({
  url: new URL("https://namesight.test"),
  token: "the-token",
  fetch: answer,
});
const Answer = z.object({ a: z.number() });

test("sends the token to the operator's path alone, and follows no redirect", async () => {
  const sent: Request[] = [];
  const service: Service = {
    ...answering(() => Promise.reject(new Error("not called"))),
    fetch: async (request) => {
      sent.push(request);
      return Response.json({ a: 1 });
    },
  };
  expect(await operate(service, "POST", "accounts", Answer, { plan: "large" })).toEqual({ a: 1 });
  const [request] = sent;
  expect([request?.url, request?.redirect, request?.headers.get("authorization")]).toEqual([
    "https://namesight.test/operator/accounts",
    "manual",
    "Bearer the-token",
  ]);
  expect(await request?.json()).toEqual({ plan: "large" });
});

test.each([
  [
    "a problem",
    async () => Response.json(problemDocument("not_found", "There is no account a."), { status: 404 }),
    { name: "Refused", code: "not_found", message: "There is no account a." },
  ],
  ["another program's answer", async () => new Response("<html>"), { name: "NoService" }],
  ["another program's error", async () => new Response("", { status: 502 }), { name: "NoService" }],
  ["an answer of another form", async () => Response.json({ b: 1 }), { name: "NoService" }],
  ["a redirect", async () => new Response(null, { status: 302 }), { name: "NoService" }],
  [
    "nobody",
    () => Promise.reject(new Error("refused")),
    { name: "NoService", message: "https://namesight.test does not answer (another address: --url): refused" },
  ],
])("%s is told in words", async (_what, answer, error) => {
  await expect(operate(answering(answer), "GET", "accounts/a/balance", Answer)).rejects.toMatchObject(error);
});
