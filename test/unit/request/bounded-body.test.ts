import { describe, expect, test, vi } from "vitest";
import { declaredBytes, readBounded } from "../../../src/request/bounded-body.ts";

const { signal } = new AbortController();

/** A request whose body comes in these parts, without Content-Length. */
function requestOf(parts: Iterable<Uint8Array>): Request {
  const iterator = parts[Symbol.iterator]();
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) return controller.enqueue(value.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
  return new Request("https://namesight.test/", { method: "POST", body, duplex: "half" } as RequestInit);
}

function* repeated(part: Uint8Array, times: number) {
  for (let count = 0; count < times; count++) yield part;
}

describe("readBounded", () => {
  test("returns the bytes in order, whatever the parts", async () => {
    const request = requestOf([Uint8Array.of(1, 2), Uint8Array.of(3), new Uint8Array(40_000).fill(4)]);
    const bytes = await readBounded(request, signal);
    expect([bytes.length, ...bytes.subarray(0, 4), bytes.at(-1)]).toEqual([40_003, 1, 2, 3, 4, 4]);
    expect(await readBounded(new Request("https://namesight.test/"), signal)).toHaveLength(0);
  });

  test("reads a body that comes byte by byte into one buffer, at most twice as large", async () => {
    const bytes = await readBounded(requestOf(repeated(Uint8Array.of(7), 50_000)), signal);
    expect(bytes).toEqual(new Uint8Array(50_000).fill(7));
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(100_000);
  });

  test("tells of the bytes as they arrive, and stops where that throws", async () => {
    const told: number[] = [];
    const request = requestOf(repeated(new Uint8Array(1_000), 10));
    const reading = readBounded(request, signal, 100_000, (bytes) => {
      told.push(bytes);
      if (told.length === 3) throw new Error("no room");
    });
    await expect(reading).rejects.toThrow("no room");
    expect(told).toEqual([1_000, 1_000, 1_000]);
    // The rest can be thrown away, so that the caller gets to see the answer.
    expect(await new Response(request.body?.pipeThrough(new TransformStream())).bytes()).toHaveLength(7_000);
  });

  test("refuses a body past the limit, whether Content-Length says so or not", async () => {
    const tooLarge = expect.objectContaining({ code: "body_too_large" });
    await expect(readBounded(requestOf([new Uint8Array(11)]), signal, 10)).rejects.toEqual(tooLarge);
    const declared = new Request("https://namesight.test/", { headers: { "content-length": "11" } });
    expect(declaredBytes(declared)).toBe(11);
    await expect(readBounded(declared, signal, 10)).rejects.toEqual(tooLarge);
  });

  test("throws body_too_slow when the connection breaks, whether or not the signal tells of it", async () => {
    for (const isTold of [false, true]) {
      const caller = new AbortController();
      const body = new ReadableStream({
        type: "bytes",
        pull(controller) {
          if (isTold) caller.abort();
          controller.error(new Error("Network connection lost."));
        },
      });
      const request = new Request("https://namesight.test/", { method: "POST", body, duplex: "half" } as RequestInit);
      const reading = readBounded(request, caller.signal);
      await expect(reading).rejects.toEqual(expect.objectContaining({ code: "body_too_slow" }));
    }
  });

  test("throws body_too_slow when the signal aborts, and cancels the body", async () => {
    const caller = new AbortController();
    const cancel = vi.fn();
    const body = new ReadableStream({ type: "bytes", cancel });
    const request = new Request("https://namesight.test/", { method: "POST", body, duplex: "half" } as RequestInit);
    const reading = readBounded(request, caller.signal);
    caller.abort();
    await expect(reading).rejects.toEqual(expect.objectContaining({ code: "body_too_slow" }));
    expect(cancel).toHaveBeenCalledOnce();
  });
});
