import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { PROBLEMS } from "../../../../schemas/problem.ts";
import { indexPage, llmsPage } from "../../../../scripts/pages/site.ts";

describe("indexPage", () => {
  test("is HTML whose elements are closed and whose texts are escaped", () => {
    const page = indexPage();
    for (const element of ["html", "title", "style", "h1", "h2", "p", "pre", "code", "ul", "li", "a"]) {
      const opened = page.match(new RegExp(`<${element}[ >]`, "g"))?.length;
      expect([element, opened]).toEqual([element, page.match(new RegExp(`</${element}>`, "g"))?.length]);
    }
    expect(page).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
  });

  test("states the limits of schemas/limits.ts", () => {
    expect(indexPage()).toContain(`at most ${LIMITS.entities} (max_entities)`);
  });
});

describe("llmsPage", () => {
  test("begins with a title and a summary, and has one link for each problem", () => {
    const page = llmsPage();
    expect(page).toMatch(/^# Namesight\n\n> [^\n]+\n\n/);
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`- [${code}](/problems/${code}): `);
  });
});
