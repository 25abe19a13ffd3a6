import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { CreateSourceRequest, IngestAnswer, SignatureScheme } from "../../../schemas/sources.ts";
import { COMMANDS, TEST_WITHOUT_SERVICE } from "../../../scripts/hooks/commands.ts";
import { PRESETS } from "../../../scripts/hooks/presets.ts";
import { OPTIONS, sourceBody } from "../../../scripts/hooks/source-body.ts";

/** Every command of docs/hooks is read as the script reads it, and every message becomes what the page says. */
const folder = mkdtempSync(join(tmpdir(), "namesight-hooks-docs-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, "source.json"),
  JSON.stringify(CreateSourceRequest.parse({ name: "x", signature: { scheme: "github" }, mapping: { text: "/text" } })),
);

const PAGES = globSync("docs/hooks/*.md")
  .toSorted()
  .map((file) => ({ name: basename(file), text: readFileSync(file, "utf8") }));
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, block = ""]) => block);
const lines = (text: string) => blocks(text, "bash").flatMap((block) => block.trim().split("\n"));
const words = (command: string) =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
const PREFIX = "npm run hooks -- ";

/** A command of `npm run hooks`, as the script parses it. */
function read(line: string) {
  const [name = "", ...rest] = words(line.slice(PREFIX.length));
  const { values, positionals } = parseArgs({ args: rest, options: OPTIONS, allowPositionals: true });
  const file = values["file-config"];
  return { name, positionals, values: { ...values, ...(file && { "file-config": join(folder, file) }) } };
}

const ALL = PAGES.flatMap(({ name, text }) => lines(text).map((line) => [name, line] as const));

test("the pages are those that the first one names, and have commands", () => {
  const names = [...(PAGES.find(({ name }) => name === "README.md")?.text ?? "").matchAll(/\]\((\w[\w-]*\.md)\)/g)];
  expect(new Set(["README.md", ...names.map(([, name]) => name)])).toEqual(new Set(PAGES.map(({ name }) => name)));
  expect(ALL.length).toBeGreaterThan(8);
});

test.each(ALL)("%s: %s", (_, line) => {
  expect(line.startsWith(PREFIX)).toBe(true);
  const { name, positionals, values } = read(line);
  const isAlone = name === "test" && positionals.length === 1;
  const command = isAlone ? TEST_WITHOUT_SERVICE : COMMANDS[name];
  expect(positionals).toHaveLength(command?.needs.length ?? -1);
  if (name === "add" || isAlone) expect(() => sourceBody(values)).not.toThrow();
  if (name === "remove") expect(values.yes).toBe(true);
});

describe.each(PAGES)("$name", ({ text }) => {
  const messages = [...text.matchAll(/^```json message\n([\s\S]*?)^```$[\s\S]*?^```text\n([\s\S]*?)^```$/gm)];

  test("has a message", () => {
    expect(messages.length).toBe(blocks(text, "json message").length);
    expect(messages.length).toBeGreaterThan(0);
  });

  test("says what each message becomes", async () => {
    // The command that shows it without a deployment, else the one that adds the page's source.
    const commands = lines(text).map(read);
    const shown = commands.find(({ name, positionals }) => name === "test" && positionals.length === 1);
    const { values } = shown ?? commands.find(({ name }) => name === "add") ?? { values: null };
    for (const [, message = "", becomes] of messages) {
      const file = join(folder, "message.json");
      writeFileSync(file, message);
      const noService = () => {
        throw new Error("the service was asked");
      };
      if (!values) throw new Error("the page has no source");
      const outcome = await TEST_WITHOUT_SERVICE.run(noService, [file], values);
      expect(`${outcome.text}\n`).toBe(becomes);
    }
  });
});

const README = readFileSync("docs/hooks/README.md", "utf8");

test("the answer is one, the limits and schemes are those of the code", () => {
  for (const block of blocks(README, "json")) expect(IngestAnswer.safeParse(JSON.parse(block)).error).toBeUndefined();
  const plain = README.replace(/\s+/g, " ");
  expect(plain).toContain(`more than ${LIMITS.textLength.toLocaleString("en")} UTF-16 code units`);
  expect(plain).toContain(`more than ${LIMITS.messagePictures} pictures`);
  expect(plain).toContain(`A body has at most ${LIMITS.callbackBytes / 2 ** 20} MiB`);
  expect(plain).toContain(`at least ${LIMITS.jobRecordSeconds / 86_400} days`);
  const [limit] = /(?<=name = "KEY_RATE"[\s\S]*?limit = )\d+/.exec(readFileSync("wrangler.toml", "utf8")) ?? [];
  expect(plain).toContain(`${Number(limit).toLocaleString("en")} a minute for a source`);
  const named = [...README.matchAll(/^\| `([a-z][a-z-]+)` \| /gm)].map(([, scheme]) => scheme);
  const known = SignatureScheme.def.options.map((option) => [...option.shape.scheme.def.values][0]);
  expect(new Set(named)).toEqual(new Set(known));
});

test("the schemes of other systems, and the presets, are valid sources", () => {
  const cms = readFileSync("docs/hooks/cms.md", "utf8");
  const rows = [...cms.matchAll(/^\| [^|]+ \| `(--scheme [^`]+)` \|$/gm)].map(([, options = ""]) => options);
  expect(rows.length).toBe(5);
  for (const options of rows)
    expect(() => sourceBody(read(`${PREFIX}add --name x --text /x ${options}`).values)).not.toThrow();
  for (const preset of Object.keys(PRESETS)) {
    expect(() => sourceBody(read(`${PREFIX}add --name x --preset ${preset}`).values)).not.toThrow();
  }
});
