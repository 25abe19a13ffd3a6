import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { GivenUp, PostFailed } from "../../../../eval/segment/failure.ts";
import { SegmentService, type ServiceOptions } from "../../../../eval/segment/service.ts";
import { Refused } from "../../../../scripts/batch/fault.ts";
import {
  boxMask,
  type Fault,
  plainPicture,
  type SegmentServer,
  startSegmentServer,
} from "../../../support/segment-server.ts";

let server: SegmentServer;
let waits: number[];
let told: string[];
beforeEach(async () => {
  server = await startSegmentServer();
  waits = [];
  told = [];
});

const SIZE = { width: 40, height: 30 };
const BOX = { xmin: 2, ymin: 3, xmax: 12.5, ymax: 20 };

function service(options: Partial<ServiceOptions> = {}): SegmentService {
  return new SegmentService({
    url: new URL(server.url),
    key: "nk_live_1",
    fetch: (input, init) => fetch(input, init),
    clock: () => waits.reduce((sum, wait) => sum + wait, 0),
    sleep: async (wait) => void waits.push(wait),
    tell: (sentence) => void told.push(sentence.replace(server.url, "URL")),
    ...options,
  });
}

async function question(name = "name-1") {
  const bytes = new Uint8Array(await plainPicture(SIZE.width, SIZE.height));
  const boxes = [
    { box: BOX, type: "PER" },
    { box: { xmin: 0, ymin: 0, xmax: 40, ymax: 30 }, type: null },
  ];
  return { picture: { name: "71044.jpg", bytes, size: SIZE }, boxes, name };
}
const ask = async (options: Partial<ServiceOptions> = {}) => service(options).ask(await question());

test("asks once with the picture, the boxes and their types, and reads a mask for each and the charge", async () => {
  const { results, cost } = await ask();
  expect(results).toEqual([{ mask: boxMask([2, 3, 12.5, 20], 40, 30) }, { mask: boxMask([0, 0, 40, 30], 40, 30) }]);
  // USD 0.002 for an answer and 0.004 for each of two masks.
  expect(cost).toBe(10_000_000);
  expect(server.asked).toEqual([
    {
      boxes: [{ box: [2, 3, 12.5, 20], type: "PER" }, { box: [0, 0, 40, 30] }],
      masks: "rle",
      name: "71044.jpg",
      authorization: "Bearer nk_live_1",
      idempotencyKey: "name-1",
    },
  ]);
  expect([waits, told]).toEqual([[], []]);
});

test("sends no Idempotency-Key without a key: a deployment without accounts refuses it", async () => {
  expect((await ask({ key: null })).cost).toBe(0);
  expect(server.asked).toMatchObject([{ authorization: undefined, idempotencyKey: undefined }]);
});

test("a repeat of a request whose answer was lost gets the answer, and is charged once", async () => {
  server.faults.push("lost answer");
  const { cost } = await ask();
  expect([server.asked.length, server.charged, cost]).toEqual([2, 10_000_000, 10_000_000]);
  expect(new Set(server.asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
});

describe("waits and asks again", () => {
  test.each<[string, Fault, number]>([
    ["429, as long as Retry-After says", { problem: "rate_limited", retryAfter: "7" }, 7_000],
    ["503, as long as Retry-After says", { problem: "overloaded", retryAfter: "12" }, 12_000],
    ["503 without Retry-After", { problem: "overloaded" }, 1_000],
    ["a request that runs still", { problem: "request_in_flight", retryAfter: "2" }, 2_000],
    ["408", { problem: "body_too_slow" }, 1_000],
    ["500", { problem: "internal" }, 1_000],
    ["502 of something between", { body: "<html>", status: 502 }, 1_000],
    ["504", { problem: "deadline_exceeded" }, 1_000],
    ["a connection that is closed", "hang up", 1_000],
    ["half an answer", "half an answer", 1_000],
    ["half an answer that looks whole", { body: '{"masks":[{"mask":' }, 1_000],
  ])("after %s", async (_, fault, wait) => {
    server.faults.push(fault);
    expect((await ask()).results).toHaveLength(2);
    expect([server.asked.length, waits]).toEqual([2, [wait]]);
  });

  test("when no answer comes in time", async () => {
    server.faults.push("silence");
    expect((await ask({ timeoutMs: 1_000 })).results).toHaveLength(2);
    expect(server.asked).toHaveLength(2);
  });

  test("until the date that Retry-After has", async () => {
    const now = Date.UTC(2026, 10, 27, 12);
    server.faults.push({ problem: "overloaded", retryAfter: "Fri, 27 Nov 2026 12:00:30 GMT" });
    await ask({ clock: () => now });
    expect(waits).toEqual([30_000]);
  });

  test("and tells somebody after some seconds, and when it goes on", async () => {
    server.faults.push(...Array.from({ length: 3 }, (): Fault => ({ problem: "too_many_at_once" })));
    await ask();
    const why = "Too many requests of the account run at the same time: This is why";
    expect(told).toEqual([`URL answers with 429 (${why}). Trying again.`, "URL answers again."]);
  });
});

describe("ends the post alone", () => {
  test.each<[string, Fault[], RegExp]>([
    ["four errors", Array(4).fill({ problem: "stage_failed" }), /^answers with 502 \(A model did not .*\), 4 times$/],
    ["four closed connections", Array(4).fill("hang up"), /^cannot be reached \(.*\), 4 times$/],
    [
      "a picture that is refused",
      [{ problem: "invalid_picture" }],
      /^refused with 422 \(The picture cannot be .* why\)$/,
    ],
    ["a picture that is too large", [{ problem: "body_too_large" }], /^refused with 413 /],
    ["an answer that is not kept", [{ problem: "answer_not_kept" }], /^answers with 409 /],
  ])("after %s", async (_, faults, message) => {
    server.faults.push(...faults);
    const error = await ask().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(PostFailed);
    expect(error.message).toMatch(message);
    expect(server.asked).toHaveLength(faults.length);
  });
});

describe("ends everything", () => {
  test.each<[string, Fault]>([
    ["no key", { problem: "key_missing" }],
    ["a wrong key", { problem: "key_invalid" }],
    ["no money", { problem: "payment_required" }],
    ["a key without the scope", { problem: "scope_missing" }],
    ["a deployment without accounts", { problem: "field_not_supported" }],
    ["another path", { problem: "not_found" }],
  ])("for %s", async (_, fault) => {
    server.faults.push(fault);
    await expect(ask()).rejects.toBeInstanceOf(Refused);
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, Fault]>([
    ["a page of another server", { body: "<html>not found</html>", status: 404 }],
    ["JSON of another server", { body: '{"ok":true}' }],
    ["an answer about fewer boxes", { body: '{"image":{"width":40,"height":30},"masks":[],"charge":null}' }],
  ])("for %s", async (_, fault) => {
    server.faults.push(fault);
    await expect(ask()).rejects.toThrow(/does not answer as Namesight does.*check --endpoint/);
  });

  test("for a server whose answers are never JSON", async () => {
    server.faults.push(...Array.from({ length: 4 }, (): Fault => ({ body: "<html>welcome</html>" })));
    await expect(ask()).rejects.toThrow("does not answer as Namesight does");
  });

  test("after ten minutes without room", async () => {
    server.faults.push(...Array.from({ length: 40 }, (): Fault => ({ problem: "overloaded", retryAfter: "59" })));
    const error = await ask().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(GivenUp);
    expect(error.message).toMatch(/and asks to wait 59 s\. A request is tried for 10 minutes\.$/);
    expect(waits).toEqual(Array(10).fill(59_000));
  });

  test("at once when it would have to wait longer", async () => {
    server.faults.push({ problem: "quota_exceeded", retryAfter: "40000" });
    await expect(ask()).rejects.toThrow("asks to wait 40000 s");
    expect(waits).toEqual([]);
  });

  test("when nobody listens there", async () => {
    await server.close();
    await expect(ask()).rejects.toThrow(/cannot be reached \(connect ECONNREFUSED .*A request is tried for 10 minutes/);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(600_000);
  });
});

test.each([301, 302, 307, 308])(
  "refuses a redirect with %i: neither the picture nor the key goes on",
  async (status) => {
    const redirecting = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(status, { location: `${server.url}/v1/segment` }).end());
    });
    onTestFinished(() => void redirecting.close());
    await new Promise<void>((listening) => redirecting.listen(0, "127.0.0.1", listening));
    const { port } = redirecting.address() as AddressInfo;
    const asking = ask({ url: new URL(`http://127.0.0.1:${port}`) });
    await expect(asking).rejects.toThrow(
      `does not answer as Namesight does. It answered with ${status}: check --endpoint`,
    );
    expect(server.asked).toEqual([]);
  },
);
