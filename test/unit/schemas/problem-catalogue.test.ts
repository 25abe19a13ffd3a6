import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { PROBLEMS } from "../../../schemas/problem-catalogue.ts";

const kinds = Object.entries(PROBLEMS);

describe("PROBLEMS", () => {
  test.each(kinds)("%s: has a title without a full stop, and whole sentences elsewhere", (_, kind) => {
    expect(kind.title).toMatch(/^[A-Z].*[^.]$/);
    for (const text of [kind.when, kind.remedy, kind.example]) expect(text).toMatch(/\S.*\.$/);
  });

  test("has statuses that HTTP has for errors, or 200 for problems that never end a request", () => {
    for (const [, { status }] of kinds) expect(status === 200 || (status >= 400 && status < 600)).toBe(true);
  });

  test("has codes and titles that differ", () => {
    expect(new Set(kinds.map(([, { title }]) => title)).size).toBe(kinds.length);
    for (const [code] of kinds) expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
  });

  test("states the limits of schemas/limits.ts", () => {
    expect(PROBLEMS.picture_too_many_pixels.when).toContain(`${LIMITS.picturePixels / 1e6} million`);
    expect(PROBLEMS.picture_too_many_pixels.remedy).toContain(LIMITS.modelSide.toLocaleString("en-US"));
    expect(PROBLEMS.mask_refused.when).toContain(`Less than ${LIMITS.maskInsideBox} `);
    expect(PROBLEMS.mask_refused.when).toContain(`IoU < ${LIMITS.maskBoundsIou} `);
    expect(PROBLEMS.body_too_large.example).toContain(`at most ${LIMITS.inlineBytes} `);
  });
});
