import { expect, test } from "vitest";
import { Api, ApiRefusal } from "../../../src/mcp/api.ts";

const ORIGIN = "https://namesight.test";

test("sends the caller's headers, and only the path of an address", async () => {
  const sent: Request[] = [];
  const api = new Api(
    async (request) => {
      sent.push(request);
      return Response.json({ ok: true });
    },
    ORIGIN,
    { authorization: "Bearer key" },
  );
  await api.ask("POST", "/v1/recognize", { body: { text: "Felix" }, headers: { prefer: "respond-async" } });
  await api.ask("GET", "https://elsewhere.test/v1/overlays/a/b.png?sig=1");
  expect(sent.map(({ method, url }) => [method, url])).toEqual([
    ["POST", `${ORIGIN}/v1/recognize`],
    ["GET", `${ORIGIN}/v1/overlays/a/b.png?sig=1`],
  ]);
  expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
    authorization: "Bearer key",
    "content-type": "application/json",
    prefer: "respond-async",
  });
  expect(await sent[0]?.json()).toEqual({ text: "Felix" });
});

test("throws the problem of a refused request", async () => {
  const problem = { code: "not_found", detail: "The account has no such job.", title: "There is nothing here" };
  const api = new Api(async () => Response.json(problem, { status: 404 }), ORIGIN, {});
  const refusal = await api.ask("GET", "/v1/jobs/x").catch((error) => error);
  expect(refusal).toBeInstanceOf(ApiRefusal);
  expect(refusal.problem).toEqual(problem);
});
