import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { COMMANDS as BOTS, OPTIONS as BOTS_OPTIONS } from "../../../scripts/bots/commands.ts";
import { discordCommands } from "../../../scripts/bots/discord-commands.ts";
import { SCOPES } from "../../../scripts/bots/slack-setup.ts";
import { COMMANDS as KEYS, OPTIONS as KEYS_OPTIONS } from "../../../scripts/keys/commands.ts";
import { commandOf } from "../../../scripts/keys/run-command.ts";
import { isOwnName } from "../../../scripts/own-variables.ts";
import { LANGUAGE_TAGS, sentencesOf } from "../../../src/bots/sentences.ts";
import { SECTION_LENGTH } from "../../../src/bots/slack-text.ts";

/** Every command of a page is read as its script reads it; wrangler's are those of docs/deploy.md. */
const deploy = readFileSync("docs/deploy.md", "utf8");
const SCRIPTS = { bots: [BOTS, BOTS_OPTIONS], keys: [KEYS, KEYS_OPTIONS] } as const;
const PAGES = [
  { platform: "telegram", commands: ["run", "setup", "check"], uses: Object.keys(sentencesOf("en").commands) },
  {
    platform: "discord",
    commands: ["setup", "check"],
    uses: discordCommands().flatMap(({ type, name }) => (type === 1 ? [name] : [])),
  },
  { platform: "slack", commands: ["setup", "check"], uses: [] },
].map((page) => ({ ...page, text: readFileSync(`docs/bots/${page.platform}.md`, "utf8") }));
const linesOf = (text: string) =>
  [...text.matchAll(/^ *```bash\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = ""]) => block.trim().split(/\n\s*/));

describe.each(PAGES)("docs/bots/$platform.md", ({ platform, commands, uses, text }) => {
  const lines = linesOf(text);

  test.each(lines)("%s", (line) => {
    const [, variables = "", command = ""] = /^((?:[A-Z_]+=\S+ )*)(.*)$/.exec(line) ?? [];
    for (const [, name = ""] of variables.matchAll(/([A-Z_]+)=/g)) expect(isOwnName(name)).toBe(true);
    if (["npm ci", "npm start", "npx wrangler deploy --env production"].includes(command)) return;
    if (command.startsWith("npx wrangler secret put ")) {
      expect(deploy).toContain("npx wrangler secret put LINK_SIGNING_KEY --env production");
      const [, name = ""] = /^npx wrangler secret put (\w+) --env production$/.exec(command) ?? [];
      return expect([isOwnName(name), name.startsWith(`${platform.toUpperCase()}_`)]).toEqual([true, true]);
    }
    const [, script = "", rest = ""] = /^npm run (\w+) -- (.*)$/.exec(command) ?? [];
    const [known, options] = SCRIPTS[script as keyof typeof SCRIPTS];
    const { positionals, values } = parseArgs({ args: rest.split(" "), options, allowPositionals: true });
    const [name = "", ...words] = positionals;
    expect(() => commandOf(known as never, name, words)).not.toThrow();
    if (script === "bots") expect(words).toEqual([platform]);
    if ("env" in values) expect([undefined, "production"]).toContain(values.env);
  });

  test("has all commands of the script and of the bot, all languages, and the limits of the code", () => {
    for (const name of commands) expect(lines.some((line) => line.includes(`bots -- ${name} ${platform}`))).toBe(true);
    for (const name of uses) expect(text).toContain(`\`/${name}`);
    const names = new Intl.DisplayNames("en", { type: "language" });
    for (const tag of platform === "slack" ? ["en"] : LANGUAGE_TAGS) expect(text).toContain(names.of(tag));
    const words = text.replace(/\s+/g, " ");
    expect(words).toContain(`at most ${LIMITS.uploadBytes / 1024 / 1024} MB`);
    expect(words).toContain(`may have ${LIMITS.botWaiting} posts`);
    expect(words).toContain(`within ${LIMITS.jobDefaultMs === 600_000 ? "ten" : LIMITS.jobDefaultMs} minutes`);
  });
});

test("docs/bots/discord.md names the command on a message, and the variables", () => {
  const { text = "" } = PAGES.find(({ platform }) => platform === "discord") ?? {};
  expect(text.replace(/\s+/g, " ")).toContain(`*${sentencesOf("en").discordNames.find}*`);
  for (const name of text.match(/DISCORD_\w+/g) ?? []) expect(isOwnName(name)).toBe(true);
});

test("docs/bots/slack.md has the words and the scopes of the bot, and its variables", () => {
  const { text = "" } = PAGES.find(({ platform }) => platform === "slack") ?? {};
  for (const word of ["help", "privacy", "forget", ...SCOPES]) expect(text).toContain(`\`${word}\``);
  expect(text).toContain(`at most ${SECTION_LENGTH.toLocaleString("en")} characters`);
  for (const name of text.match(/SLACK_\w+/g) ?? []) expect(isOwnName(name)).toBe(true);
});
