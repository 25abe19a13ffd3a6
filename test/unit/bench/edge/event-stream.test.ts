import { expect, test } from "vitest";
import { timedEvents } from "../../../../bench/edge/event-stream.ts";

test("reads events wherever the parts of the stream end, with the time of each", async () => {
  const text = ': heartbeat\n\nid: 1\nevent: mention\ndata: {"text":\ndata: "é"}\n\nevent: end\ndata: {}\n\n';
  const bytes = new TextEncoder().encode(text);
  let now = 0;
  async function* parts() {
    for (const byte of bytes) {
      now++;
      yield Uint8Array.of(byte);
    }
  }
  expect(await timedEvents(parts(), () => now)).toEqual([
    { event: "mention", data: '{"text":\n"é"}', ms: bytes.length - 21 },
    { event: "end", data: "{}", ms: bytes.length },
  ]);
});
