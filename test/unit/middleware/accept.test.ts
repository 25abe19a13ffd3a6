import { describe, expect, test } from "vitest";
import { negotiate } from "../../../src/middleware/accept.ts";

const OFFERED = ["application/json", "image/png", "image/svg+xml"] as const;

describe("negotiate", () => {
  test.each([
    [undefined, "application/json"],
    ["", "application/json"],
    ["*/*", "application/json"],
    ["image/png", "image/png"],
    ["IMAGE/PNG", "image/png"],
    ["image/*", "image/png"],
    ["image/*;q=0.5", "image/png"],
    ["application/json;q=0.4, image/*;q=0.5", "image/png"],
    ["image/*;q=0.5, application/json;q=0.6", "application/json"],
    ["image/*, application/json", "image/png"],
    ["application/json, image/*", "application/json"],
    ["image/svg+xml, image/png", "image/svg+xml"],
    ["image/png, image/svg+xml", "image/png"],
    ["image/svg+xml, */*", "image/svg+xml"],
    ["image/avif, image/webp, image/*, */*;q=0.8", "image/png"],
    ["text/html, application/xml;q=0.9, */*;q=0.8", "application/json"],
    ["image/svg+xml;q=0.4, image/png;q=0.5", "image/png"],
    ["*/*, application/json;q=0", "image/png"],
    ["image/*;q=0.9, image/svg+xml;q=0.1, */*;q=0.2", "image/png"],
    ["image/png;level=1;q=0.2, application/json;q=0.1", "image/png"],
  ])("chooses for %j: %s", (accept, expected) => {
    expect(negotiate(accept, OFFERED)).toBe(expected);
  });

  test.each(["text/html", "image/png;q=0", "image/png;q=high"])("throws not_acceptable for %s", (accept) => {
    expect(() => negotiate(accept, OFFERED)).toThrow(expect.objectContaining({ code: "not_acceptable" }));
  });
});
