import type { World } from "../../../src/bindings.ts";
import { fileOf, signedHeaders } from "../../support/bots/slack-deliveries.ts";
import { slackFetch } from "../../support/bots/slack-fetch.ts";
import { SlackWorkspace } from "../../support/bots/slack-workspace.ts";
import { blackPng } from "../../support/png.ts";
import type { ScriptedCog } from "../../support/scripted-cog.ts";
import { SIZE, scriptedPost } from "../harness.ts";
import { startChats } from "./chat-objects.ts";

const SLACK = new Set(["https://slack.com", "https://files.slack.com"]);

let channels = 0;

/** The app with a bot of Slack: its chats and jobs, a scripted workspace, and scripted models. */
export function startSlack({ cog = scriptedPost(), fetch }: { cog?: ScriptedCog; fetch?: World["fetch"] } = {}) {
  const workspace = new SlackWorkspace();
  // At the first look, because the app's waits are real ones here.
  workspace.looks = 1;
  // One for each test: Durable Objects outlive them.
  const channel = `C0CHANNEL${++channels}`;
  const toSlack = slackFetch(workspace);
  const { ask, ...chats } = startChats(
    cog,
    (url, init) => (SLACK.has(url.origin) ? toSlack(url, init) : (fetch ?? cog.fetch)(url, init)),
    `slack/${channel}`,
    { SLACK_TOKEN: workspace.token, SLACK_SIGNING_SECRET: workspace.signingSecret },
  );
  const now = () => Math.floor(chats.clock() / 1000);
  return {
    ...chats,
    workspace,
    channel,
    /** What the bot shows, the oldest first. */
    shown: () => [...workspace.shown.values()].map(({ text }) => text),
    /** A delivery as Slack signs it. */
    post: async (body: string, headers: Record<string, string> = {}, type?: string) =>
      ask("/hooks/slack", {
        method: "POST",
        headers: { ...(await signedHeaders(workspace.signingSecret, body, now(), type)), ...headers },
        body,
      }),
    /** A picture of the scripted post, which Slack has. */
    picture: async () => {
      const id = `F0PICTURE${channels}${workspace.files.size}`;
      const bytes = new Uint8Array(await blackPng(SIZE.width, SIZE.height));
      workspace.files.set(id, { bytes, type: "image/png" });
      return fileOf(id, { size: bytes.length });
    },
  };
}
