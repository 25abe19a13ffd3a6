import { expect, test } from "vitest";
import { type ReadEvent, readEvents } from "../../../schemas/event-reader.ts";

const STREAM = [
  ": still working\n\n",
  'id: 1\nevent: mention\ndata: {"text":"é"}\n\n',
  "data: one\ndata: two\n\nid: 3\nevent: empty\n\n",
  "id: 4\nevent: end\ndata: {}\n\n",
  "event: cut\ndata: of",
].join("");

/** The stream in parts of so many bytes. */
async function* inParts(bytes: number): AsyncGenerator<Uint8Array> {
  const all = new TextEncoder().encode(STREAM);
  for (let start = 0; start < all.length; start += bytes) yield all.subarray(start, start + bytes);
}

test.each([1, 7, 10_000])("reads the events of a stream that comes in parts of %d bytes", async (bytes) => {
  const events: ReadEvent[] = [];
  for await (const event of readEvents(inParts(bytes))) events.push(event);
  expect(events).toEqual([
    { event: "mention", data: '{"text":"é"}' },
    { event: "message", data: "one\ntwo" },
    { event: "end", data: "{}" },
  ]);
});
