import { expect, test } from "vitest";
import { checkSlack, manifestOf, SCOPES, type SlackSetup, slackHeaders } from "../../../../scripts/bots/slack-setup.ts";
import { signedHeaders } from "../../../support/bots/slack-deliveries.ts";
import { slackFetch } from "../../../support/bots/slack-fetch.ts";
import { SlackWorkspace } from "../../../support/bots/slack-workspace.ts";

const URL_ = "https://namesight.test";
const NOW = 1_700_000_000;
type Answer = () => Response | Promise<Response>;

function setup(workspace: SlackWorkspace, more: Partial<SlackSetup> = {}, deployment: Answer = verified): SlackSetup {
  const toSlack = slackFetch(workspace);
  return {
    token: workspace.token,
    signingSecret: workspace.signingSecret,
    api: "https://slack.com/api",
    address: URL_,
    environment: "production",
    clock: () => NOW * 1000,
    fetch: async (request) => {
      const url = new URL(request.url);
      return url.origin === URL_ ? deployment() : toSlack(url, request);
    },
    ...more,
  };
}
const verified = () => Response.json({ challenge: "namesight-check" });
const statusOf = (status: number) => () => new Response(null, { status });

test("the manifest has all that the bot needs, at the deployment's address", () => {
  expect(manifestOf(setup(new SlackWorkspace()))).toMatchObject({
    features: { shortcuts: [{ type: "message", callback_id: "find_who_is_in_it" }] },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { request_url: `${URL_}/hooks/slack`, bot_events: ["app_mention", "message.im"] },
      interactivity: { is_enabled: true, request_url: `${URL_}/hooks/slack` },
    },
  });
  expect(() => manifestOf(setup(new SlackWorkspace(), { address: "http://127.0.0.1" }))).toThrow(
    "Slack needs an https address",
  );
});

test("check finds nothing missing where everything is there, and signs what it sends as Slack does", async () => {
  const workspace = new SlackWorkspace();
  expect(await checkSlack(setup(workspace))).toEqual({
    done: [
      "SLACK_TOKEN is that of @namesight in Test",
      "the app may do all that the bot does",
      `${URL_} takes deliveries of this app: mention @namesight in a channel that it was invited to`,
    ],
    next: null,
  });
  const given = [workspace.signingSecret, "{}", NOW] as const;
  expect(await slackHeaders(...given)).toEqual(await signedHeaders(...given));
});

test.each<[string, Partial<SlackSetup>, Answer, RegExp]>([
  [
    "no token",
    { token: "" },
    verified,
    /^SLACK_TOKEN is not set: make the app from what npm run bots -- setup slack --env/,
  ],
  ["no signing secret", { signingSecret: "" }, verified, /^SLACK_SIGNING_SECRET is not set/],
  ["a person's token", { token: "xoxp-1111-2222-token" }, verified, /^SLACK_TOKEN is not a bot's token: copy the Bot/],
  ["another secret", { signingSecret: "x" }, verified, /^SLACK_SIGNING_SECRET is no signing secret: copy it/],
  [
    "a token that is not Slack's",
    { token: "xoxb-0000-0000-other" },
    verified,
    /^Slack refuses SLACK_TOKEN \(invalid_auth\)/,
  ],
  ["no address", { address: "" }, verified, /^Slack needs an https address: name a deployment/],
  ["this machine", { address: "http://127.0.0.1:8787" }, verified, /^Slack needs an https address/],
  ["a deployment that is away", {}, () => Promise.reject(new TypeError()), /does not answer: deploy it/],
  [
    "a deployment without a bot",
    {},
    statusOf(404),
    /has no bot: run npx wrangler secret put SLACK_TOKEN --env production and/,
  ],
  [
    "a deployment with another secret",
    {},
    statusOf(401),
    /has another SLACK_SIGNING_SECRET: run npx wrangler secret put/,
  ],
  ["a deployment with a fault", {}, statusOf(500), /answers 500 to a delivery: https:\/\/namesight.test\/health/],
])("check names the next step with %s", async (_, more, deployment, next) => {
  expect((await checkSlack(setup(new SlackWorkspace(), more, deployment))).next).toMatch(next);
});

test("check names the scopes that the app lacks, and a Slack that is away", async () => {
  const workspace = new SlackWorkspace();
  workspace.scopes.delete("files:write");
  expect((await checkSlack(setup(workspace))).next).toMatch(/^the app has no files:write: put what npm run bots/);
  workspace.faults.push("cut");
  expect((await checkSlack(setup(workspace))).next).toBe("Slack cannot be reached");
});
