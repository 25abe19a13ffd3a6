import { describe, expect, it } from "vitest";
import { POST_LINES } from "../../../../../eval/readers/kinds/post-lines.ts";

const options = { role: "predictions", file: "a.jsonl" } as const;
const line = (id: string, entities: unknown[]) => `${JSON.stringify({ id, entities })}\n`;

describe("POST_LINES", () => {
  it("reads posts, and takes MISC for OTHER", async () => {
    const text = line("1", [{ text: "ESA", type: "MISC", start: 0, end: 1 }]);
    expect(POST_LINES.recognizes(text, options)).toBe(true);
    const { posts, missing } = await POST_LINES.read(text, options);
    expect(posts[0]?.entities[0]?.type).toBe("OTHER");
    expect(missing).toEqual({});
  });

  it("says which post has an entity without offsets", async () => {
    const { missing } = await POST_LINES.read(line("7", [{ text: "ESA", type: "ORG" }]), options);
    expect(missing.offsets).toBe("predictions: an entity of post 7 has no start and end");
  });

  it("names the line and the field that is wrong", async () => {
    const text = line("1", []) + line("2", [{ text: "ESA", type: "ORG", box: [1, 2, 3, 4] }]);
    await expect(POST_LINES.read(text, options)).rejects.toThrow(/line 2 is not a post.*entities\.0.*box/s);
  });

  it("refuses an id that occurs twice", async () => {
    await expect(POST_LINES.read(line("1", []) + line("1", []), options)).rejects.toThrow("the id 1 occurs twice");
  });

  it("leaves answers of the API to their own reader", () => {
    expect(POST_LINES.recognizes('{"id": "req_1", "offset_encoding": "utf-16", "entities": []}', options)).toBe(false);
  });
});
