import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlantedProject, plantProject } from "./planted-project.ts";

let project: PlantedProject;

/** A project with nothing to object to. */
beforeEach(() => {
  project = plantProject();
  for (const folder of ["schemas", "functions", "src", "eval", "bench"])
    project.write(`${folder}/good.ts`, "export const good = 1;\n");
});
afterEach(() => project.end());

const lint = () => project.run("biome", "check", "schemas", "functions", "src", "eval", "bench");

describe("lint and format", () => {
  test("pass when there is nothing to object to", () => {
    expect(lint()).toMatchObject({ ok: true });
  });

  test.each([
    ["noExplicitAny", "src/a.ts", "export const a = (value: any) => value;\n"],
    ["noNonNullAssertion", "src/a.ts", "export const a = (value: string | null) => value!.length;\n"],
    ["noRestrictedGlobals", "src/routes/a.ts", 'export const a = () => fetch("https://example.com");\n'],
    ["noConsole", "src/pipeline/a.ts", 'export const a = () => console.log("a");\n'],
    ["format", "src/a.ts", "export const a = 'a'\n"],
  ])("refuse when a file breaks %s", (rule, file, text) => {
    project.write(file, text);
    const { ok, output } = lint();
    expect(output).toContain(rule);
    expect(ok).toBe(false);
  });

  test("pass when net/ fetches and observe/ prints", () => {
    project.write("src/net/a.ts", "export const send = (url: string) => fetch(url);\n");
    project.write("src/observe/a.ts", "export const say = (text: string) => console.log(text);\n");
    expect(lint()).toMatchObject({ ok: true });
  });
});

test("types refuse an implicit any and an unchecked index", () => {
  // The gate's own scripts are left out: the compiler would read what they import.
  project.remove("scripts");
  project.write(
    "schemas/a.ts",
    "export const a = (value) => value;\nexport const b = (list: string[]) => list[0].length;\n",
  );
  const { ok, output } = project.run("tsc", "-p", "tsconfig.node.json");
  expect(ok).toBe(false);
  expect(output).toContain("TS7006");
  expect(output).toContain("TS2532");
});
