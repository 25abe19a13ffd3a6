import { describe, expect, test } from "vitest";
import { negotiate } from "../../../src/middleware/accept.ts";

const OFFERED = ["application/json", "image/svg+xml", "image/png"] as const;

describe("negotiate", () => {
  test.each([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["image/png", "image/png"],
    ["IMAGE/PNG", "image/png"],
    ["image/*", "image/svg+xml"],
    ["image/svg+xml;q=0.4, image/png;q=0.5", "image/png"],
    ["*/*, application/json;q=0", "image/svg+xml"],
    ["image/*;q=0.9, image/svg+xml;q=0.1, */*;q=0.2", "image/png"],
    ["image/png;level=1;q=0.2, application/json;q=0.1", "image/png"],
  ])("chooses for %j: %s", (accept, expected) => {
    expect(negotiate(accept, OFFERED)).toBe(expected);
  });

  test.each(["text/html", "image/png;q=0", "image/png;q=high"])("throws not_acceptable for %s", (accept) => {
    expect(() => negotiate(accept, OFFERED)).toThrow(expect.objectContaining({ code: "not_acceptable" }));
  });
});
