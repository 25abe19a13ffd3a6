import { describe, expect, test } from "vitest";
import { loadMner } from "../../../functions/mner/index.ts";

const mner = await loadMner();

describe("the tagger over 10,000 characters", () => {
  const sentence = "Eileen Collins of NASA flew to Houston. ";
  const text = sentence.repeat(250);
  test("finds the same mentions in every sentence, each at its own offset", async () => {
    const { mentions } = await mner.run({ labels: "gmner", text }, { signal: new AbortController().signal });
    const starts = mentions.filter((mention) => mention.text.startsWith("Eileen Collins")).map(({ start }) => start);
    expect(starts).toEqual(Array.from({ length: 250 }, (_, index) => index * sentence.length));
    expect(mentions.filter((mention) => mention.text === "Houston")).toHaveLength(250);
  });

  test("stops when the signal aborts", async () => {
    const abort = new AbortController();
    abort.abort(new Error("gone"));
    await expect(mner.run({ labels: "gmner", text }, { signal: abort.signal })).rejects.toThrow("gone");
  });
});
