import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCapped } from "../../../src/net/read-capped.ts";
import { countedStream, stalledStream } from "../../support/guarded-network.ts";

const signal = new AbortController().signal;

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

describe("readCapped", () => {
  test("returns the bytes of all chunks, or throws when they are more than the limit", async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(1500), async (parts, limit) => {
        const whole = Buffer.concat(parts);
        const reading = readCapped(streamOf(parts), limit, signal);
        if (whole.length <= limit) expect(Buffer.from(await reading).equals(whole)).toBe(true);
        else await expect(reading).rejects.toMatchObject({ code: "url_too_large" });
      }),
    );
  });

  test("grows its buffer beyond the first 64 KiB", async () => {
    const whole = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const chunks = [0, 1, 65_536, 70_000, 200_001].map((start, index, starts) => whole.slice(start, starts[index + 1]));
    expect(Buffer.compare(await readCapped(streamOf(chunks), 300_000, signal), whole)).toBe(0);
  });

  test("cancels the body when it is longer than the limit", async () => {
    const { record, body } = countedStream(new Uint8Array(100), 50);
    await expect(readCapped(body, 250, signal)).rejects.toMatchObject({ code: "url_too_large" });
    expect(record).toEqual({ pulls: 3, cancelled: true });
  });

  test("cancels the body and rejects with the signal's reason when it aborts", async () => {
    const { record, body, reading } = stalledStream();
    const caller = new AbortController();
    const bytes = readCapped(body, 1_000, caller.signal);
    const rejected = expect(bytes).rejects.toThrow("hung up");
    await reading;
    caller.abort(new Error("hung up"));
    await rejected;
    expect(record.cancelled).toBe(true);
  });

  test("reads nothing when the signal has aborted before", async () => {
    const { record, body } = countedStream(new Uint8Array(1), 5);
    await expect(readCapped(body, 10, AbortSignal.abort(new Error("hung up")))).rejects.toThrow("hung up");
    expect(record).toEqual({ pulls: 0, cancelled: true });
  });

  test("throws url_unreachable when the body breaks off", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.error(new Error("reset"));
      },
    });
    await expect(readCapped(body, 10, signal)).rejects.toMatchObject({ code: "url_unreachable" });
  });
});
