import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { guardedPost } from "../../../src/net/guarded-post.ts";
import { startReceiver } from "../../support/receiver.ts";

/** Posts once over a real connection. `timeout` stands for the 15 s. */
const post = (origin: string, timeout = new AbortController()) =>
  guardedPost(
    `${origin}/hook`,
    { body: toUtf8('{"é":1}'), headers: { "webhook-id": "msg_1" } },
    {
      fetch: (url, init) => fetch(url, init),
      allowedOrigins: new Set([origin]),
      timer: () => timeout.signal,
      clock: () => 0,
    },
  );

test("a receiver gets the bytes with their length and type, and nothing of ours", async () => {
  using receiver = await startReceiver((_, response) => void response.writeHead(204).end());
  expect(await post(receiver.origin)).toEqual({ status: 204, retryAfterMs: null });
  expect(receiver.received).toMatchObject([
    {
      method: "POST",
      path: "/hook",
      headers: {
        "content-type": "application/json",
        "content-length": "8",
        "webhook-id": "msg_1",
        "user-agent": "Namesight",
      },
      body: '{"é":1}',
    },
  ]);
  const { authorization, cookie, referer, origin } = receiver.received[0]?.headers ?? {};
  expect([authorization, cookie, referer, origin]).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  [200, {}, null],
  [301, { location: "/elsewhere" }, null],
  [302, { location: "https://10.0.0.1/" }, null],
  [307, { location: "/elsewhere" }, null],
  [410, {}, null],
  [429, { "retry-after": "7" }, 7_000],
  [500, {}, null],
])("HTTP %i is the answer, and nothing is sent after it", async (status, headers, retryAfterMs) => {
  using receiver = await startReceiver((_, response) => void response.writeHead(status, headers).end("body"));
  expect(await post(receiver.origin)).toEqual({ status, retryAfterMs });
  expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
});

test("a receiver that hangs is left at the end of the time, and its connection is closed", async () => {
  const timeout = new AbortController();
  let shut: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    shut = resolve;
  });
  using receiver = await startReceiver((request) => {
    request.socket.once("close", shut);
    timeout.abort();
  });
  await expect(post(receiver.origin, timeout)).rejects.toMatchObject({ code: "url_too_slow" });
  await closed;
});

test("a connection that is reset cannot be reached", async () => {
  using receiver = await startReceiver((request) => void request.socket.resetAndDestroy());
  await expect(post(receiver.origin)).rejects.toMatchObject({ code: "url_unreachable" });
});

test("a body without end is not read: the connection is closed", async () => {
  let written = 0;
  let shut: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    shut = resolve;
  });
  const pour = (response: ServerResponse) => {
    while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
    response.once("drain", () => pour(response));
  };
  using receiver = await startReceiver((request, response) => {
    request.socket.once("close", shut);
    response.writeHead(200);
    pour(response);
  });
  expect(await post(receiver.origin)).toEqual({ status: 200, retryAfterMs: null });
  await closed;
  expect(written).toBeLessThan(32 * 1024 * 1024);
});
