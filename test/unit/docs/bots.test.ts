import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { COMMANDS as BOTS, OPTIONS as BOTS_OPTIONS } from "../../../scripts/bots/commands.ts";
import { COMMANDS as KEYS, OPTIONS as KEYS_OPTIONS } from "../../../scripts/keys/commands.ts";
import { commandOf } from "../../../scripts/keys/run-command.ts";
import { isOwnName } from "../../../scripts/own-variables.ts";
import { LANGUAGE_TAGS, sentencesOf } from "../../../src/bots/sentences.ts";

/** Every command of docs/bots/telegram.md is read as its script reads it; wrangler's are those of docs/deploy.md. */
const page = readFileSync("docs/bots/telegram.md", "utf8");
const deploy = readFileSync("docs/deploy.md", "utf8");
const lines = [...page.matchAll(/^ *```bash\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = ""]) =>
  block.trim().split(/\n\s*/),
);
const SCRIPTS = { bots: [BOTS, BOTS_OPTIONS], keys: [KEYS, KEYS_OPTIONS] } as const;

test.each(lines)("%s", (line) => {
  const [, variables = "", command = ""] = /^((?:[A-Z_]+=\S+ )*)(.*)$/.exec(line) ?? [];
  for (const [, name = ""] of variables.matchAll(/([A-Z_]+)=/g)) expect(isOwnName(name)).toBe(true);
  if (command === "npm ci" || command === "npx wrangler deploy --env production") return;
  if (command.startsWith("npx wrangler secret put ")) {
    expect(deploy).toContain("npx wrangler secret put LINK_SIGNING_KEY --env production");
    return expect(command).toBe("npx wrangler secret put TELEGRAM_TOKEN --env production");
  }
  const [, script = "", rest = ""] = /^npm run (\w+) -- (.*)$/.exec(command) ?? [];
  const [commands, options] = SCRIPTS[script as keyof typeof SCRIPTS];
  const { positionals, values } = parseArgs({ args: rest.split(" "), options, allowPositionals: true });
  const [name = "", ...words] = positionals;
  expect(() => commandOf(commands as never, name, words)).not.toThrow();
  if (script === "bots") expect(words).toEqual(["telegram"]);
  if ("env" in values) expect([undefined, "production"]).toContain(values.env);
});

test("the page has all commands of the script, all of the bot, all languages, and the limits of the code", () => {
  for (const name of Object.keys(BOTS)) expect(lines.some((line) => line.includes(`bots -- ${name} `))).toBe(true);
  for (const name of Object.keys(sentencesOf("en").commands)) expect(page).toContain(`\`/${name}\``);
  const names = new Intl.DisplayNames("en", { type: "language" });
  for (const tag of LANGUAGE_TAGS) expect(page).toContain(names.of(tag));
  const words = page.replace(/\s+/g, " ");
  expect(words).toContain(`at most ${LIMITS.uploadBytes / 1024 / 1024} MB`);
  expect(words).toContain(`may have ${LIMITS.botWaiting} posts`);
  expect(words).toContain(`within ${LIMITS.jobDefaultMs === 600_000 ? "ten" : LIMITS.jobDefaultMs} minutes`);
});
