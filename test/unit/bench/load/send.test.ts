import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendAnyPost } from "../../../../bench/load/send.ts";

let respond: (response: ServerResponse) => void = () => undefined;
const server = createServer((request, response) => {
  request.resume().on("end", () => respond(response));
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const answers = (status: number, body: object | string, headers = {}) => {
  respond = (response) => response.writeHead(status, headers).end(JSON.stringify(body));
};
const send = () => sendAnyPost(url, "Eileen Collins", new Uint8Array(3));

test("sendAnyPost tells a whole answer, a partial one, a refusal with its wait, and a failure", async () => {
  answers(200, { partial: false });
  expect(await send()).toMatchObject({ outcome: "whole", retryAfter: null });
  answers(200, { partial: true });
  expect((await send()).outcome).toBe("partial");
  answers(503, {}, { "retry-after": "7" });
  expect(await send()).toMatchObject({ outcome: "refused", retryAfter: 7 });
  answers(502, {});
  expect((await send()).outcome).toBe("failed");
  respond = (response) => response.socket?.destroy();
  expect((await send()).outcome).toBe("failed");
});
