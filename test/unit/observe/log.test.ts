import { describe, expect, test } from "vitest";
import { describeError } from "../../../src/observe/log.ts";

describe("describeError", () => {
  test("has the name and the stack frames of an error, and not its message", () => {
    const described = describeError(new TypeError("the post says s3cret\n    at home"));
    expect(described.error).toBe("TypeError");
    expect(described.stack.length).toBeGreaterThan(0);
    for (const frame of described.stack) expect(frame).toMatch(/^at /);
    expect(described.stack).not.toContain("at home");
    expect(JSON.stringify(described)).not.toContain("s3cret");
  });

  test("has only the type of a thrown value that is no error", () => {
    expect(describeError("s3cret")).toEqual({ error: "string", stack: [] });
  });
});
