import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { startApp } from "../harness.ts";

const { fetch } = startApp();
const CALLABLE = OPERATIONS.filter(({ tag }) => tag === "recognition" || tag === "stages").map(({ path }) => path);

describe("GET /llms.txt", () => {
  test("returns a title, a summary and sections of links, as llmstxt.org asks", async () => {
    const response = await fetch("/llms.txt");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; charset=UTF-8"]);
    const text = await response.text();
    expect(text).toMatch(/^# Namesight\n\n> /);
    for (const path of ["/openapi.json", ...CALLABLE]) expect(text).toContain(path);
    for (const line of text.split("\n").filter((one) => one.startsWith("- [")))
      expect(line).toMatch(/^- \[[^\]]+\]\(\/[\w./-]+\): \S/);
  });
});
