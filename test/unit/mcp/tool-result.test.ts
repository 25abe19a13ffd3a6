import { expect, test } from "vitest";
import type { Problem } from "../../../schemas/problem.ts";
import { Api, ApiRefusal } from "../../../src/mcp/api.ts";
import { decodeHeader, refusalResult, toolResult } from "../../../src/mcp/tool-result.ts";

const region = { id: "e1-r1", box: { xmin: 1.4, ymin: 2, xmax: 3, ymax: 4 }, mask: { counts: "x" } };
const entity = (mask_url: string | null) => ({
  text: "Felix",
  type: "PER",
  visible: true,
  regions: [{ ...region, mask_url }],
});
const answered = (more: object) => ({
  jobId: "req_1",
  state: "succeeded" as const,
  answer: { image: { width: 8, height: 6 }, problems: [], overlay_url: null, entities: [], ...more },
  paymentResponse: null,
});
const apiOf = (answer: () => Response) => {
  const asked: string[] = [];
  const send = async ({ url }: Request) => {
    asked.push(new URL(url).pathname);
    return answer();
  };
  return { asked, api: new Api(send, "https://namesight.test", {}) };
};

test("has the masks without a link, and leaves out those with one", async () => {
  const { api } = apiOf(() => new Response("png"));
  const linked = await toolResult(api, answered({ entities: [entity("https://a.test/m.png")] }), false);
  expect(linked.structuredContent).not.toMatchObject({ answer: { entities: [{ regions: [{ mask: {} }] }] } });
  expect(linked.content).toHaveLength(2);
  const bare = await toolResult(api, answered({ entities: [entity(null)] }), false);
  expect(bare.structuredContent).toMatchObject({ answer: { entities: [{ regions: [{ mask: { counts: "x" } }] }] } });
  expect(bare.content).toHaveLength(1);
});

test("draws the overlay by its link, or by the job where nothing is stored", async () => {
  const { api, asked } = apiOf(() => new Response("png"));
  const linked = await toolResult(api, answered({ overlay_url: "https://a.test/v1/overlays/x" }), true);
  expect(linked.content[1]).toEqual({ type: "image", data: btoa("png"), mimeType: "image/png" });
  await toolResult(api, answered({}), true);
  expect(asked).toEqual(["/v1/overlays/x", "/v1/jobs/req_1/result"]);
  expect((await toolResult(api, answered({ image: null }), true)).content).toHaveLength(1);
});

test("links to an overlay that is too large, and says why one could not be drawn", async () => {
  const large = apiOf(() => new Response(new Uint8Array(700_001)));
  const overlay_url = "https://a.test/v1/overlays/x";
  const linked = await toolResult(large.api, answered({ overlay_url }), true);
  expect(linked.content[1]).toMatchObject({ type: "resource_link", uri: overlay_url });
  expect((await toolResult(large.api, answered({}), true)).content).toHaveLength(1);
  const failing = apiOf(() => Response.json({ detail: "There is no room." }, { status: 503 }));
  const { content } = await toolResult(failing.api, answered({ overlay_url }), true);
  expect(content[1]).toEqual({ type: "text", text: "The overlay could not be drawn: There is no room." });
});

test("tells every wrong field of a refused call, or the terms of a payment", () => {
  const problem = {
    code: "invalid_request",
    title: "The request has an invalid field",
    detail: "One field is invalid.",
    errors: [{ pointer: "/max_entities", detail: "is too large", limit: 100 }],
  } as unknown as Problem;
  const refused = refusalResult(new ApiRefusal(problem, new Headers()));
  expect(refused).toMatchObject({ isError: true, structuredContent: { code: "invalid_request" } });
  expect(refused.content).toEqual([
    {
      type: "text",
      text: "The request has an invalid field: One field is invalid.\n/max_entities is too large (limit 100)",
    },
  ]);
  const terms = { x402Version: 2, error: "pay in €" };
  const header = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(terms))));
  const unpaid = refusalResult(new ApiRefusal(problem, new Headers({ "payment-required": header })));
  expect(unpaid).toEqual({
    isError: true,
    structuredContent: terms,
    content: [{ type: "text", text: JSON.stringify(terms) }],
  });
  expect(decodeHeader(header)).toEqual(terms);
});
