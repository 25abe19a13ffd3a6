import { describe, expect, test } from "vitest";
import { DEFAULTS, LIMITS } from "../../../../schemas/limits.ts";
import { PROBLEMS } from "../../../../schemas/problem.ts";
import { limitsPage, problemsPage } from "../../../../scripts/pages/tables.ts";
import { readComments } from "../../../../scripts/schema-comments.ts";

const comments = await readComments(new URL("../../../../schemas/limits.ts", import.meta.url));

describe("limitsPage", () => {
  test("has every limit and every default with its value and its comment", () => {
    const page = limitsPage(LIMITS, DEFAULTS, comments);
    for (const key of [...Object.keys(LIMITS), ...Object.keys(DEFAULTS)])
      expect(page).toMatch(new RegExp(`^\\| \`${key}\` \\| [\\d,.]+ \\| .{10,} \\|$`, "m"));
    expect(page).toContain("| `picturePixels` | 25,000,000 | Maximum pixels of a picture");
  });

  test("throws when a limit has no comment", () => {
    expect(() => limitsPage({ ...LIMITS, unheard: 1 } as typeof LIMITS, DEFAULTS, comments)).toThrow(
      "schemas/limits.ts has no comment on unheard",
    );
  });
});

describe("problemsPage", () => {
  test("has a section for every problem with its title, its status and what to do", () => {
    const page = problemsPage();
    for (const [code, { title, remedy }] of Object.entries(PROBLEMS)) {
      expect(page).toContain(`## ${code}\n\n**${title}.**`);
      expect(page).toContain(remedy);
    }
    expect(page.match(/never ends a request/g)).toHaveLength(7);
  });
});
