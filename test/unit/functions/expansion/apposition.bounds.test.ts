import { expect, it } from "vitest";
import { nounBeside } from "../../../../functions/expansion/apposition.ts";
import type { Lexicon } from "../../../../functions/expansion/lexicon.ts";

it("reads a number of words that grows with the text, and not with its square, when a name comes again and again", () => {
  const reads = (count: number) => {
    let read = 0;
    const words = new Proxy(Array<string>(count).fill("x"), {
      get(target, key) {
        if (typeof key === "string" && /^\d+$/.test(key)) read++;
        return Reflect.get(target, key);
      },
    });
    const lexicon: Lexicon = { gloss: () => null, kind: () => null };
    expect(nounBeside(words, "x", "PER", lexicon)).toBeNull();
    return read;
  };
  expect(reads(2_000)).toBeLessThanOrEqual(2.1 * reads(1_000));
});
