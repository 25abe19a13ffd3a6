import type { APIApplication, RESTGetAPIApplicationCommandsResult } from "discord-api-types/v10";
import { USER_AGENT } from "../../src/bots/discord.ts";
import { DISCORD_TOKEN } from "../../src/bots/discord-settings.ts";
import { discordCommands } from "./discord-commands.ts";
import { type BotDeployment, type Findings, httpsAddress, optionsOf } from "./findings.ts";

/** An application of Discord, and the deployment that it is to have. */
export interface DiscordSetup extends BotDeployment {
  /** Empty where none is set. */
  readonly token: string;
  /** The application's id and key as the deployment has them; empty where they are not set. */
  readonly application: string;
  readonly publicKey: string;
  readonly apiRoot: string;
}

/** What there is before Discord is told where the bot lives. */
type Ready = { readonly done: string[] } & (
  | { readonly application: APIApplication; readonly url: string; readonly next: null }
  | { readonly next: string }
);

/** What the bot may do in a server: see the channel, write in it, add files, and read what it replies to. */
const PERMISSIONS = 0x400 + 0x800 + 0x8000 + 0x1_0000;

/** Whether everything is there that the bot of a deployment needs. */
export async function checkDiscord(setup: DiscordSetup): Promise<Findings> {
  const ready = await findReady(setup);
  if (ready.next !== null) return ready;
  const { done, application, url } = ready;
  const again = `npm run bots -- setup discord${optionsOf(setup)}`;
  const { interactions_endpoint_url: endpoint } = application;
  if (endpoint !== url) {
    return { done, next: `Discord sends interactions ${endpoint ? `to ${endpoint}` : "nowhere"}: run ${again}` };
  }
  done.push(`Discord sends interactions to ${url}`);
  const listed = (await call(setup, "GET", commandsOf(application))) as RESTGetAPIApplicationCommandsResult;
  const names = (commands: ReadonlyArray<{ readonly name: string }>) => commands.map(({ name }) => name).sort();
  if (names(listed).join() !== names(discordCommands()).join()) {
    return { done, next: `Discord lists other commands than those of the bot: run ${again}` };
  }
  done.push("Discord lists the bot's commands", invitation(application));
  return { done, next: null };
}

/** Has Discord list the bot's commands, and tells it where the bot lives. Doing it again changes nothing. */
export async function setUpDiscord(setup: DiscordSetup): Promise<Findings> {
  const ready = await findReady(setup);
  if (ready.next !== null) return ready;
  const { done, application, url } = ready;
  await call(setup, "PUT", commandsOf(application), discordCommands());
  done.push("Discord lists the bot's commands");
  try {
    // Discord asks the address for a pong first, and whether it refuses what is not signed.
    await call(setup, "PATCH", "/applications/@me", { interactions_endpoint_url: url });
  } catch (error) {
    return { done, next: `Discord does not take ${url} (${(error as Error).message}): ${health(url)}` };
  }
  done.push(`Discord sends interactions to ${url}`, invitation(application));
  return { done, next: null };
}

async function findReady(setup: DiscordSetup): Promise<Ready> {
  const { token, environment } = setup;
  const done: string[] = [];
  if (token === "") {
    const where = "https://discord.com/developers/applications, open its page Bot, press Reset Token";
    return {
      done,
      next: `DISCORD_TOKEN is not set: make an application at ${where}, and put DISCORD_TOKEN=… into .dev.vars`,
    };
  }
  if (!DISCORD_TOKEN.test(token))
    return { done, next: "DISCORD_TOKEN is not a bot's token: it has three parts, with dots" };
  let application: APIApplication;
  try {
    application = (await call(setup, "GET", "/applications/@me")) as APIApplication;
  } catch (error) {
    return { done, next: `Discord refuses DISCORD_TOKEN (${(error as Error).message}): reset it on the page Bot` };
  }
  const { id, name, verify_key: key } = application;
  done.push(`DISCORD_TOKEN is that of ${name}`);
  if (setup.application !== id || setup.publicKey.toLowerCase() !== key) {
    const [where, then] =
      environment === null
        ? [".dev.vars", "start again"]
        : [`[env.${environment}.vars] of wrangler.toml`, `npx wrangler deploy --env ${environment}`];
    const next = `set DISCORD_APPLICATION_ID="${id}" and DISCORD_PUBLIC_KEY="${key}" in ${where}, and ${then}`;
    return { done, next };
  }
  done.push("DISCORD_APPLICATION_ID and DISCORD_PUBLIC_KEY are those of the application");
  const address = httpsAddress(setup);
  if (!address) {
    const next =
      "Discord needs an https address: name a deployment by --env production or --url. docs/bots/discord.md says how " +
      "this machine gets one";
    return { done, next };
  }
  const url = new URL("/hooks/discord", address).href;
  const request = new Request(url, { method: "POST", redirect: "manual", body: "{}" });
  const response = await setup.fetch(request).catch(() => null);
  const deploy = environment === null ? "start it again" : `run npx wrangler deploy --env ${environment}`;
  if (response === null) return { done, next: `${address.origin} does not answer: deploy it (docs/deploy.md)` };
  if (response.status === 404) return { done, next: `${address.origin} has no bot of Discord yet: ${deploy}` };
  // It is not signed.
  if (response.status !== 401) return { done, next: `${address.origin} answers ${response.status}: ${health(url)}` };
  done.push(`${address.origin} takes interactions`);
  return { done, application, url, next: null };
}

/** Calls Discord's API as the bot. Throws an `Error` that says what Discord has said. */
async function call({ token, apiRoot, fetch }: DiscordSetup, method: string, path: string, body?: object) {
  const headers = { authorization: `Bot ${token}`, "user-agent": USER_AGENT, "content-type": "application/json" };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(new Request(apiRoot + path, init)).catch(() => null);
  if (!response) throw new Error("it cannot be reached");
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  // A fault of a field is told far within.
  const [, reason] = /"_errors":\[\{[^}]*"message":"([^"]+)"/.exec(JSON.stringify(answer)) ?? [];
  throw new Error(reason ?? (answer as { message?: string }).message ?? `it answers ${response.status}`);
}

function commandsOf({ id }: APIApplication): string {
  return `/applications/${id}/commands`;
}

function invitation({ id }: APIApplication): string {
  const query = new URLSearchParams({
    client_id: id,
    scope: "bot applications.commands",
    permissions: String(PERMISSIONS),
  });
  return `add it to a server by https://discord.com/oauth2/authorize?${query}`;
}

function health(url: string): string {
  return `${new URL(url).origin}/health says why`;
}
