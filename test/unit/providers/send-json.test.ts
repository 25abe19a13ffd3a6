import { describe, expect, test } from "vitest";
import { sendJson } from "../../../src/providers/send-json.ts";

const open = new AbortController().signal;
const url = new URL("https://models.test/a");
const send = (answer: () => Response, endpoint = {}) =>
  sendJson({ url, token: null, ...endpoint }, { a: 1 }, { fetch: async () => answer() }, open);

/** A body that breaks off after its first bytes. */
const broken = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"a":'));
      controller.error(new TypeError("reset"));
    },
  });

describe("sendJson", () => {
  test("sends the method, the token and further headers, and gives the reply of a 200", async () => {
    let sent: RequestInit = {};
    const fetch = async (_: URL, init: RequestInit) => {
      sent = init;
      return Response.json({ b: 2 });
    };
    const endpoint = { url, token: "t", method: "PUT", headers: { "x-a": "1" } } as const;
    expect(await sendJson(endpoint, { a: 1 }, { fetch }, open)).toEqual({ reply: { b: 2 } });
    expect(sent).toMatchObject({ method: "PUT", body: '{"a":1}', headers: { authorization: "Bearer t", "x-a": "1" } });
  });

  test("gives the response and the text of any other status", async () => {
    const answer = await send(() => new Response("no", { status: 409 }));
    expect(answer).toMatchObject({ response: { status: 409 }, text: "no" });
  });

  test("says whether the work was probably charged: only when a success had begun", async () => {
    await expect(send(() => new Response(broken()))).rejects.toMatchObject({ code: "network", charged: true });
    await expect(send(() => new Response("{"))).rejects.toMatchObject({ code: "unreadable", charged: true });
    const refused = send(() => new Response(broken(), { status: 500 }));
    await expect(refused).rejects.toMatchObject({ code: "network", charged: false });
    const unreached = send(() => {
      throw new TypeError("connection refused");
    });
    await expect(unreached).rejects.toMatchObject({ code: "network", charged: false, unreached: true });
  });
});
