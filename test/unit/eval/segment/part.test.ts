import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnsweredPost, Part, WrongPart } from "../../../../eval/segment/part.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { boxMask } from "../../../support/segment-server.ts";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const [INPUT, OTHER] = [digestOf("a"), digestOf("b")];
const answered = (id: string): AnsweredPost => ({
  id,
  size: [4, 6],
  results: [{ mask: boxMask([1, 1, 3, 3], 6, 4) }, { reason: "outside_box" }],
});
const pathOf = () => join(folderOf({}), "out.jsonl.part");

describe("Part", () => {
  test("knows what another process has written, and what it cost", () => {
    const path = pathOf();
    const part = new Part(path, INPUT, null);
    expect(existsSync(path)).toBe(false);
    part.add(answered("71044"), 6_000_000);
    part.add(answered("Zoë"), 0);
    expect([part.cost, part.posts.size]).toEqual([6_000_000, 2]);
    const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(JSON.parse(head ?? "")).toEqual({ version: 1, input: INPUT, endpoint: null });
    expect(JSON.parse(lines[0] ?? "")).toEqual({ ...answered("71044"), cost_usd: "0.006" });
    const again = new Part(path, INPUT, null);
    expect([...again.posts.values()]).toEqual([answered("71044"), answered("Zoë")]);
    expect(again.cost).toBe(6_000_000);
    again.remove();
    expect(existsSync(path)).toBe(false);
    again.remove();
  });

  test("whatever its process had written when it was killed, whole lines count and it goes on", () => {
    const ids = ["1", "ä", "3"];
    const whole = (() => {
      const path = pathOf();
      const part = new Part(path, INPUT, null);
      for (const id of ids) part.add(answered(id), 1_000);
      return readFileSync(path);
    })();
    const ends = [...whole.entries()].flatMap(([index, byte]) => (byte === 10 ? [index + 1] : []));
    const path = pathOf();
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        writeFileSync(path, whole);
        truncateSync(path, length);
        const part = new Part(path, INPUT, null);
        const lines = ends.filter((end) => end <= length).length;
        expect([...part.posts.keys()]).toEqual(ids.slice(0, Math.max(0, lines - 1)));
        part.add(answered("new"), 1_000);
        expect([...new Part(path, INPUT, null).posts.keys()]).toEqual([...part.posts.keys()]);
      }),
    );
  });

  test.each([
    ["another input", OTHER, null, /is part of another input: its first line has the SHA-256 ca978112ca1b…/],
    ["another deployment", INPUT, "https://b.example", /was asked of a stack of this machine, and not of https:\/\/b/],
  ])("refuses %s, and says what to do", (_, input, endpoint, message) => {
    const path = pathOf();
    new Part(path, INPUT, null).add(answered("1"), 0);
    const before = readFileSync(path, "utf8");
    expect(() => new Part(path, input, endpoint)).toThrow(message);
    expect(() => new Part(path, input, endpoint)).toThrow(/Remove it, or name another --out/);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test.each([
    ["no JSON", "{]", "line 3, the line: Invalid input"],
    ["no size", '{"id":"2","results":[],"cost_usd":"0"}', "line 3, size: Invalid input"],
    [
      "an unknown field",
      '{"id":"2","size":[1,1],"results":[],"cost_usd":"0","x":1}',
      "line 3, the line: Unrecognized key",
    ],
    ["no amount", '{"id":"2","size":[1,1],"results":[],"cost_usd":"-1"}', "line 3, cost_usd: Invalid"],
  ])("names the line that has %s", (_, line, message) => {
    const path = pathOf();
    new Part(path, INPUT, null).add(answered("1"), 0);
    appendFileSync(path, `${line}\n`);
    expect(() => new Part(path, INPUT, null)).toThrow(WrongPart);
    expect(() => new Part(path, INPUT, null)).toThrow(message);
  });

  test("refuses a file that is none", () => {
    const path = pathOf();
    writeFileSync(path, '{"id":"1","entities":[]}\n');
    expect(() => new Part(path, INPUT, null)).toThrow("is no part of this version");
  });
});
