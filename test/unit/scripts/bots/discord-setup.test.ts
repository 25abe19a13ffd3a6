import { expect, test } from "vitest";
import { discordCommands } from "../../../../scripts/bots/discord-commands.ts";
import { checkDiscord, type DiscordSetup, setUpDiscord } from "../../../../scripts/bots/discord-setup.ts";
import { NOON } from "../../../support/accounts/account.ts";
import { DiscordChat } from "../../../support/bots/discord-chat.ts";
import { APPLICATION } from "../../../support/bots/discord-interactions.ts";

const HOOK = "https://namesight.test/hooks/discord";
const API = "https://discord.test/api/v10";
const KEY = "0a".repeat(32);

function setup(
  chat: DiscordChat,
  more: Partial<DiscordSetup> = {},
  hook: () => number | null = () => 401,
): DiscordSetup {
  chat.publicKey = KEY;
  return {
    ...{ token: chat.token, application: APPLICATION, publicKey: KEY, apiRoot: API },
    ...{ address: "https://namesight.test", environment: "production" },
    fetch: async (request) => {
      const isApi = request.url.startsWith(API);
      const status = isApi ? null : hook();
      const answer = isApi ? await chat.handle(request) : status && new Response(null, { status });
      if (!answer) throw new TypeError();
      return answer;
    },
    ...more,
  };
}
const chatOf = () => new DiscordChat(() => NOON);

test("setup tells Discord the commands and the address, and check then finds nothing", async () => {
  const chat = chatOf();
  const given = setup(chat);
  const again = "run npm run bots -- setup discord --env production";
  expect((await checkDiscord(given)).next).toBe(`Discord sends interactions nowhere: ${again}`);
  const asked: string[] = [];
  chat.ask = async (url) => {
    asked.push(url);
    return null;
  };
  expect((await setUpDiscord(given)).next).toBeNull();
  expect([chat.endpoint, asked]).toEqual([HOOK, [HOOK]]);
  const found = await checkDiscord(given);
  expect(found.next).toBeNull();
  expect(found.done.at(-1)).toBe(
    `add it to a server by https://discord.com/oauth2/authorize?client_id=${APPLICATION}&scope=bot+applications.commands&permissions=101376`,
  );
  chat.commands = chat.commands.slice(1);
  expect((await checkDiscord(given)).next).toBe(`Discord lists other commands than those of the bot: ${again}`);
  chat.endpoint = "https://a.test/";
  expect((await checkDiscord(given)).next).toBe(`Discord sends interactions to https://a.test/: ${again}`);
});

test("the commands are known in each language, by Discord's own names of them", () => {
  const [recognize, find, ...others] = discordCommands() as unknown as Array<Record<string, unknown>>;
  expect(recognize).toMatchObject({ type: 1, name: "recognize", options: [{ name: "text" }, { name: "image" }] });
  expect(Object.keys(recognize?.description_localizations ?? {})).toEqual(["de", "es-ES", "es-419", "fr", "pt-BR"]);
  expect(find).toMatchObject({ type: 3, name: "Find who is in it", name_localizations: { de: "Wer ist darauf?" } });
  expect(find).not.toHaveProperty("description");
  expect(others.map(({ name }) => name)).toEqual(["help", "privacy", "forget"]);
});

test.each<[string, Partial<DiscordSetup>, number | null, RegExp]>([
  ["no token", { token: "" }, 401, /^DISCORD_TOKEN is not set: make an application at https:\/\/discord.com/],
  ["something else", { token: "x" }, 401, /^DISCORD_TOKEN is not a bot's token/],
  ["another token", { token: "aaaaaaaaaaaaaaaa.aaaaaa.aaaaaaaaaaaaaaaa" }, 401, /^Discord refuses DISCORD_TOKEN \(401/],
  [
    "no application",
    { application: "", publicKey: "" },
    401,
    /^set DISCORD_APPLICATION_ID="845027738276462632" and DISCORD_PUBLIC_KEY="0a.*" in \[env.production.vars\] of wrangler.toml/,
  ],
  ["another key on this machine", { publicKey: "0b", environment: null }, 401, / in \.dev\.vars, and start again$/],
  ["no address", { address: "" }, 401, /^Discord needs an https address/],
  ["a deployment that is away", {}, null, /does not answer: deploy it/],
  ["a deployment without a bot", {}, 404, /has no bot of Discord yet: run npx wrangler deploy --env production/],
  ["a deployment with a fault", {}, 500, /answers 500: https:\/\/namesight.test\/health says why/],
])("check and setup name the next step with %s", async (_, more, status, next) => {
  const chat = chatOf();
  for (const command of [checkDiscord, setUpDiscord]) {
    expect((await command(setup(chat, more, () => status))).next).toMatch(next);
  }
  expect([chat.endpoint, chat.commands]).toEqual([null, []]);
});

test("setup says why Discord does not take the address", async () => {
  const chat = chatOf();
  chat.ask = async () => "could not be verified";
  const { next } = await setUpDiscord(setup(chat));
  expect(next).toMatch(/^Discord does not take https:\/\/namesight.test\/hooks\/discord \(.*could not be verified\)/);
  const reasons = { interactions_endpoint_url: { _errors: [{ code: "X", message: "Not verified." }] } };
  const refusing: DiscordSetup["fetch"] = async (request) =>
    request.method === "PATCH"
      ? Response.json({ code: 50_035, message: "Invalid Form Body", errors: reasons }, { status: 400 })
      : setup(chat).fetch(request);
  expect((await setUpDiscord(setup(chat, { fetch: refusing }))).next).toContain("(Not verified.)");
});

test("a Discord that cannot be reached is named", async () => {
  const chat = chatOf();
  chat.faults.push("cut");
  expect((await checkDiscord(setup(chat))).next).toMatch(/it cannot be reached/);
});
