import { toHex, toUtf8 } from "../../schemas/encodings.ts";
import { SHORTCUT } from "../../src/bots/slack-event.ts";
import { SLACK_SIGNING_SECRET, SLACK_TOKEN } from "../../src/bots/slack-settings.ts";
import { type BotDeployment, type Findings, httpsAddress, optionsOf } from "./findings.ts";

/** An app of Slack and the deployment that it is to have. */
export interface SlackSetup extends BotDeployment {
  /** Empty where none is set; so is the signing secret. */
  readonly token: string;
  readonly signingSecret: string;
  /** The Web API's address, without a slash at its end. */
  readonly api: string;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
}

interface AuthTest {
  readonly ok: boolean;
  readonly error?: string;
  readonly team?: string;
  readonly user?: string;
  readonly bot_id?: string;
}

/** What the bot may do: hear of mentions and direct messages, read their threads and files, answer, have a shortcut. */
export const SCOPES: readonly string[] = [
  ...["app_mentions:read", "chat:write", "commands", "files:read", "files:write"],
  ...["channels:history", "groups:history", "im:history"],
];
const NO_ADDRESS = "Slack needs an https address: name a deployment by --env production or --url";
const CHALLENGE = "namesight-check";

/**
 * The manifest of the app (docs.slack.dev/reference/app-manifest, read 2026-11-27), as Slack takes it when an app is
 * made, or later.
 *
 * @throws Error where the deployment has no https address
 */
export function manifestOf(deployment: BotDeployment): object {
  const url = httpsAddress(deployment);
  if (!url) throw new Error(NO_ADDRESS);
  const request_url = new URL("/hooks/slack", url).href;
  const description = "Finds the names of a post in its picture";
  return {
    display_information: { name: "Namesight", description },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "namesight", always_online: true },
      shortcuts: [{ name: "Find who is in it", type: "message", callback_id: SHORTCUT, description }],
    },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { request_url, bot_events: ["app_mention", "message.im"] },
      interactivity: { is_enabled: true, request_url },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}

/** Whether everything is there that the bot of a deployment needs. */
export async function checkSlack(setup: SlackSetup): Promise<Findings> {
  const { token, signingSecret, address } = setup;
  const done: string[] = [];
  const again = `npm run bots -- setup slack${address === "" ? " --env production" : optionsOf(setup)}`;
  const missing = { SLACK_TOKEN: token, SLACK_SIGNING_SECRET: signingSecret };
  for (const [name, value] of Object.entries(missing)) {
    if (value !== "") continue;
    return {
      done,
      next: `${name} is not set: make the app from what ${again} prints, and put ${name}=… into .dev.vars`,
    };
  }
  if (!SLACK_TOKEN.test(token)) {
    return {
      done,
      next: "SLACK_TOKEN is not a bot's token: copy the Bot User OAuth Token, xoxb-…, from OAuth & Permissions",
    };
  }
  if (!SLACK_SIGNING_SECRET.test(signingSecret)) {
    return { done, next: "SLACK_SIGNING_SECRET is no signing secret: copy it from Basic Information, App Credentials" };
  }
  const app = await askSlack(setup);
  if (typeof app === "string") return { done, next: app };
  done.push(`SLACK_TOKEN is that of @${app.name} in ${app.team}`);
  const lacking = SCOPES.filter((scope) => !app.scopes.includes(scope));
  if (lacking.length > 0) {
    const next = `the app has no ${lacking.join(", ")}: put what ${again} prints into App Manifest, and reinstall the app`;
    return { done, next };
  }
  done.push("the app may do all that the bot does");
  const url = httpsAddress(setup);
  const fault = url ? await deliveryFault(url, setup) : NO_ADDRESS;
  if (!url || fault !== null) return { done, next: fault };
  done.push(`${url.origin} takes deliveries of this app: mention @${app.name} in a channel that it was invited to`);
  return { done, next: null };
}

/** What Slack says of the token, or the next step. */
async function askSlack({ token, api, fetch }: SlackSetup) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(
    new Request(`${api}/auth.test`, { method: "POST", headers, body: new URLSearchParams() }),
  ).catch(() => null);
  const reply = (await response?.json().catch(() => null)) as AuthTest | null;
  if (!response || !reply) return "Slack cannot be reached";
  if (!reply.ok) return `Slack refuses SLACK_TOKEN (${reply.error}): copy it again from OAuth & Permissions`;
  const scopes = (response.headers.get("x-oauth-scopes") ?? "").split(/,\s*/);
  return { name: reply.user ?? "", team: reply.team ?? "", scopes };
}

/** Why the deployment does not take a delivery that is signed as Slack signs it; null where it does. */
async function deliveryFault({ origin }: URL, setup: SlackSetup): Promise<string | null> {
  const { signingSecret, environment, clock, fetch } = setup;
  const body = JSON.stringify({ type: "url_verification", challenge: CHALLENGE });
  const headers = await slackHeaders(signingSecret, body, Math.floor(clock() / 1000));
  const url = new URL("/hooks/slack", origin);
  const response = await fetch(new Request(url, { method: "POST", redirect: "manual", headers, body })).catch(
    () => null,
  );
  const secret = (name: string) =>
    `npx wrangler secret put ${name}${environment === null ? "" : ` --env ${environment}`}`;
  if (response === null) return `${origin} does not answer: deploy it (docs/deploy.md)`;
  const reply = (await response.json().catch(() => null)) as { challenge?: string } | null;
  if (response.status === 404) {
    return `${origin} has no bot: run ${secret("SLACK_TOKEN")} and ${secret("SLACK_SIGNING_SECRET")}`;
  }
  if (response.status === 401)
    return `${origin} has another SLACK_SIGNING_SECRET: run ${secret("SLACK_SIGNING_SECRET")}`;
  if (response.ok && reply?.challenge === CHALLENGE) return null;
  return `${origin} answers ${response.status} to a delivery: ${origin}/health says why`;
}

/** The headers with which Slack signs a delivery. */
export async function slackHeaders(secret: string, body: string, seconds: number): Promise<Record<string, string>> {
  const key = await crypto.subtle.importKey("raw", toUtf8(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const code = await crypto.subtle.sign("HMAC", key, toUtf8(`v0:${seconds}:${body}`));
  return {
    "content-type": "application/json",
    "x-slack-request-timestamp": String(seconds),
    "x-slack-signature": `v0=${toHex(new Uint8Array(code))}`,
  };
}
