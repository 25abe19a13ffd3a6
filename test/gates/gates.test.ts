import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const CONFIGURATION = [
  ".dependency-cruiser.cjs",
  ".gitignore",
  "biome.json",
  "package.json",
  "scripts",
  "tsconfig.json",
  "tsconfig.node.json",
];
let project: string;

/** A project with the gates' own configuration and nothing to object to. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "namesight-gates-"));
  for (const file of CONFIGURATION) cpSync(join(root, file), join(project, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  for (const folder of ["schemas", "functions", "src", "eval", "bench"])
    write(`${folder}/good.ts`, "export const good = 1;\n");
});
afterEach(() => rmSync(project, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

function run(...[command = "", ...arguments_]: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin", command), arguments_, {
    cwd: project,
    encoding: "utf8",
  });
  return { ok: status === 0, output: stdout + stderr };
}

const arrows = () => run("node", "--disable-warning=ExperimentalWarning", "scripts/check-arrows.ts");
const lint = () => run("biome", "check", "schemas", "functions", "src", "eval", "bench");

test("what there is to begin with passes", () => {
  expect(arrows()).toMatchObject({ ok: true });
  expect(lint()).toMatchObject({ ok: true });
});

describe("arrows", () => {
  test.each([
    ["schemas/a.ts", "src/good.ts", "schemas-import-the-validator-only"],
    ["functions/a.ts", "src/good.ts", "functions"],
    ["src/providers/a.ts", "src/pipeline/b.ts", "providers"],
    ["src/stages/mner/a.ts", "src/pipeline/b.ts", "stages"],
    ["src/pipeline/a.ts", "src/routes/b.ts", "pipeline"],
    ["src/pipeline/a.ts", "src/providers/b.ts", "pipeline"],
    ["src/routes/a.ts", "functions/good.ts", "routes"],
    ["src/net/a.ts", "src/pipeline/b.ts", "net"],
    ["src/image/a.ts", "src/net/b.ts", "image"],
    ["src/storage/a.ts", "src/image/b.ts", "storage"],
    ["src/observe/a.ts", "src/net/b.ts", "observe"],
    ["src/routes/a.ts", "src/bindings.ts", "only-app-and-index-read-env"],
    ["src/routes/a.ts", "src/app.ts", "only-index-imports-app"],
    ["eval/a.ts", "src/good.ts", "eval"],
    ["bench/a.ts", "functions/good.ts", "bench"],
    ["src/a.ts", "test/b.ts", "nothing-imports-tests"],
    ["src/a.ts", "src/a-that-is-not-there.ts", "no-missing"],
  ])("%s must not import %s", (from, to, rule) => {
    if (!to.includes("not-there")) write(to, "export const good = 1;\n");
    const path = "../".repeat(from.split("/").length - 1) + to;
    write(from, `import { good } from "${path}";\nexport const used = good;\n`);
    const { ok, output } = arrows();
    expect(output).toContain(`${rule}: ${from}`);
    expect(ok).toBe(false);
  });

  test("an import of types alone counts too", () => {
    write("schemas/a.ts", 'import type { good } from "../src/good.ts";\nexport type Used = typeof good;\n');
    expect(arrows()).toMatchObject({ ok: false });
  });

  test("a circle is refused", () => {
    write("src/a.ts", 'import { b } from "./b.ts";\nexport const a = () => b;\n');
    write("src/b.ts", 'import { a } from "./a.ts";\nexport const b = () => a;\n');
    expect(arrows().output).toContain("no-cycles");
  });

  test("a folder in which no module was parsed is refused", () => {
    rmSync(join(project, "schemas/good.ts"));
    expect(arrows()).toMatchObject({ ok: false, output: expect.stringContaining("no module of schemas/") });
  });
});

describe("lint and format", () => {
  test.each([
    ["noExplicitAny", "src/a.ts", "export const a = (value: any) => value;\n"],
    ["noNonNullAssertion", "src/a.ts", "export const a = (value: string | null) => value!.length;\n"],
    ["noRestrictedGlobals", "src/routes/a.ts", 'export const a = () => fetch("https://example.com");\n'],
    ["noConsole", "src/pipeline/a.ts", 'export const a = () => console.log("a");\n'],
    ["format", "src/a.ts", "export const a = 'a'\n"],
  ])("%s", (rule, file, text) => {
    write(file, text);
    const { ok, output } = lint();
    expect(output).toContain(rule);
    expect(ok).toBe(false);
  });

  test("net/ may fetch and observe/ may print", () => {
    write("src/net/a.ts", "export const send = (url: string) => fetch(url);\n");
    write("src/observe/a.ts", "export const say = (text: string) => console.log(text);\n");
    expect(lint()).toMatchObject({ ok: true });
  });
});

test("types: an implicit any and an unchecked index are refused", () => {
  write("schemas/a.ts", "export const a = (value) => value;\nexport const b = (list: string[]) => list[0].length;\n");
  const { ok, output } = run("tsc", "-p", "tsconfig.node.json");
  expect(ok).toBe(false);
  expect(output).toContain("TS7006");
  expect(output).toContain("TS2532");
});

describe("the contract", () => {
  const openapi = (...flags: string[]) => run("node", "--disable-warning=ExperimentalWarning", ...flags);

  beforeEach(() => cpSync(join(root, "schemas"), join(project, "schemas"), { recursive: true }));

  test("a document that is not what the schemas say is refused", () => {
    expect(openapi("scripts/build-openapi.ts", "--check")).toMatchObject({ ok: true });
    writeFileSync(join(project, "schemas/openapi.json"), "{}\n");
    expect(openapi("scripts/build-openapi.ts", "--check")).toMatchObject({ ok: false });
  });

  test("a document against Redocly's rules is refused", () => {
    expect(openapi("scripts/lint-openapi.ts")).toMatchObject({ ok: true });
    const document = JSON.parse(readFileSync(join(root, "schemas/openapi.json"), "utf8"));
    delete document.paths["/v1/recognize"].post.operationId;
    write("schemas/openapi.json", JSON.stringify(document));
    const { ok, output } = openapi("scripts/lint-openapi.ts");
    expect(output).toContain("operation-operationId");
    expect(ok).toBe(false);
  });
});
