import { describe, expect, it } from "vitest";
import { differingInput } from "../../../../eval/predict/differing-input.ts";

const lines = (...posts: object[]) => posts.map((post) => `${JSON.stringify(post)}\n`).join("");

describe("differingInput", () => {
  it("names the fields of the first post that differs, also one that only one of them has", () => {
    const before = lines({ id: "7", task: "mner" }, { id: "8", task: "mner", labels: "gmner" });
    const now = lines({ id: "7", task: "mner" }, { id: "8", task: "gmner", labels: "gmner", image: "8.jpg" });
    expect(differingInput(before, now)).toBe("post 2, 8, was asked with another task, image");
  });

  it("counts the posts where one file begins as the other", () => {
    const [one, two] = [lines({ id: "7" }), lines({ id: "7" }, { id: "8" })];
    expect(differingInput(two, one)).toBe("it was asked about 2 posts, and this command asks about 1 post");
    expect(differingInput(one, two)).toBe("it was asked about 1 post, and this command asks about 2 posts");
  });
});
