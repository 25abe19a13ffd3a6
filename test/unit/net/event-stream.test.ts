import { describe, expect, test } from "vitest";
import { HEARTBEAT_MS, openEventStream } from "../../../src/net/event-stream.ts";

/** A sleep whose sleepers the test wakes. */
function sleeper() {
  const asleep: Array<{ milliseconds: number; wake: () => void }> = [];
  const sleep = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((wake, reject) => {
      asleep.push({ milliseconds, wake });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { asleep, sleep };
}

describe("openEventStream", () => {
  test("numbers events, writes their data as one line of JSON, and ends", async () => {
    const stream = openEventStream(sleeper());
    stream.send({ event: "mention", data: { text: "a\nb\u2028" } });
    stream.send({ event: "end", data: {} });
    stream.end();
    stream.send({ event: "late", data: {} });
    expect(await new Response(stream.body).text()).toBe(
      'id: 1\nevent: mention\ndata: {"text":"a\\nb\u2028"}\n\nid: 2\nevent: end\ndata: {}\n\n',
    );
    expect(stream.left.aborted).toBe(false);
  });

  test("sends a comment every 15 s until its end", async () => {
    const { asleep, sleep } = sleeper();
    const stream = openEventStream({ sleep });
    expect(asleep).toMatchObject([{ milliseconds: HEARTBEAT_MS }]);
    asleep[0]?.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asleep).toHaveLength(2);
    stream.end();
    expect(await new Response(stream.body).text()).toBe(": still working\n\n");
  });

  test("says that the reader has left, and sends nothing more", async () => {
    const stream = openEventStream(sleeper());
    await stream.body.cancel();
    expect(stream.left.aborted).toBe(true);
    stream.send({ event: "mask", data: {} });
    stream.end();
  });
});
