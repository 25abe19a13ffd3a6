import { createServer, type Server, type ServerResponse } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pictureBytes } from "../../functions/picture-bytes.ts";
import type { RunContext } from "../../functions/stage-function.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { runContext } from "../support/run-context.ts";

const PAGES: Record<string, (response: ServerResponse) => void> = {
  "/picture": (response) => response.end("bytes of a picture"),
  "/gone": (response) => response.writeHead(410).end("gone"),
  "/elsewhere": (response) => response.writeHead(302, { location: "/picture" }).end(),
  "/large": (response) => response.end(Buffer.alloc(LIMITS.uploadBytes + 1)),
  "/half": (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    response.socket?.destroySoon();
  },
  // Headers and a part, and then nothing.
  "/stalls": (response) => void response.writeHead(200).write("part"),
  // Never headers.
  "/silent": () => undefined,
  "/reset": (response) => response.socket?.resetAndDestroy(),
};

let server: Server;
let origin = "";
beforeAll(async () => {
  server = createServer((request, response) => PAGES[request.url ?? ""]?.(response)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => server.close());

test("gives the bytes when the picture is a link", async () => {
  expect(String(await pictureBytes(`${origin}/picture`))).toBe("bytes of a picture");
});

test.each([
  ["/gone", /^picture_unreachable: the picture's link answered 410/],
  ["/elsewhere", /^picture_unreachable/],
  ["/large", /^picture_unreachable: the picture exceeds the limit/],
  ["/half", /^picture_unreachable/],
  ["/reset", /^picture_unreachable/],
])("fails with picture_unreachable when the link is %s", async (path, message) => {
  await expect(pictureBytes(`${origin}${path}`)).rejects.toThrow(message);
});

test("gives the bytes when the picture is a base64 data URL, whatever its type", async () => {
  const url = `data:application/octet-stream;base64,${Buffer.from("bytes").toString("base64")}`;
  expect(String(await pictureBytes(url))).toBe("bytes");
});

test.each([
  ["has no base64 mark", "data:image/png,bytes", "the picture is not a base64 data URL"],
  ["is no URL", "bytes", "the picture is not a base64 data URL"],
  ["holds no bytes", "data:image/png;base64,", "the picture is empty"],
])("fails with invalid_picture when the text %s", async (_, source, reason) => {
  await expect(pictureBytes(source)).rejects.toThrow(`invalid_picture: ${reason}`);
});

/** Collects garbage, as a busy host does. */
const collectGarbage = () => {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
};

test.each(["/stalls", "/silent"])(
  "leaves a link that is %s after its time, also when garbage was collected",
  async (path) => {
    const left = new Promise((resolve) => server.once("request", (request) => request.socket.once("close", resolve)));
    const bytes = pictureBytes(`${origin}${path}`, undefined, 500);
    bytes.catch(() => undefined);
    await new Promise((resolve) => server.once("request", resolve));
    await new Promise(setImmediate);
    collectGarbage();
    await expect(bytes).rejects.toThrow("picture_unreachable: the picture's link took longer than 500 ms");
    await left;
  },
);

test.each(["/stalls", "/silent"])("leaves a link that is %s when the prediction is canceled", async (path) => {
  const abort = new AbortController();
  const left = new Promise((resolve) => server.once("request", (request) => request.socket.once("close", resolve)));
  const bytes = pictureBytes(`${origin}${path}`, runContext(abort.signal), 3_600_000);
  bytes.catch(() => undefined);
  await new Promise((resolve) => server.once("request", resolve));
  abort.abort(new Error("canceled"));
  await expect(bytes).rejects.toThrow("canceled");
  await left;
});

test("asks no host when the prediction is canceled already", async () => {
  let asked = 0;
  const count = () => asked++;
  server.on("request", count);
  await expect(pictureBytes(`${origin}/picture`, runContext(AbortSignal.abort(new Error("canceled"))))).rejects.toThrow(
    "canceled",
  );
  server.off("request", count);
  expect(asked).toBe(0);
});

test("fetches a link without the prediction's place in the queue, and a data URL within it", async () => {
  let away = 0;
  const run: RunContext = {
    ...runContext(),
    away: (work) => {
      away++;
      return work();
    },
  };
  await pictureBytes(`${origin}/picture`, run);
  await pictureBytes("data:image/png;base64,AAAA", run);
  expect(away).toBe(1);
});
