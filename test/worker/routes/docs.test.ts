import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { PROBLEMS } from "../../../schemas/problem.ts";
import { startApp } from "../harness.ts";

const { fetch } = startApp();
const CALLABLE = OPERATIONS.filter(({ tag }) => tag === "recognition" || tag === "stages").map(({ path }) => path);

describe("GET /docs", () => {
  test("returns a page that lists the contract, every operation that callers use, and every problem", async () => {
    const response = await fetch("/docs");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    const page = await response.text();
    for (const text of ["/openapi.json", "/llms.txt", ...CALLABLE]) expect(page).toContain(text);
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`href="/problems/${code}"`);
  });

  test("says what visible means and what the limits are", async () => {
    const page = await (await fetch("/docs")).text();
    expect(page).toContain("its printed name");
    expect(page).toContain("never face recognition");
    expect(page).toMatch(/at most 25 megapixels/);
  });

  test("returns a page that the Content-Security-Policy lets work: no script, picture or file from elsewhere", async () => {
    const response = await fetch("/docs");
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*style-src 'unsafe-inline'/);
    expect(await response.text()).not.toMatch(/<script|<img|<link|<form|\bsrc=|href="http/);
  });

  test("links only to paths that answer", async () => {
    const links = (await (await fetch("/docs")).text()).matchAll(/href="([^"]+)"/g);
    const statuses = await Promise.all([...links].map(async ([, path = ""]) => [path, (await fetch(path)).status]));
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
  });
});
