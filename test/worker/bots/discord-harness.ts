import type { World } from "../../../src/bindings.ts";
import { DiscordChat } from "../../support/bots/discord-chat.ts";
import {
  APPLICATION,
  attachment,
  createDiscordKeys,
  type Interaction,
  signHeaders,
  snowflake,
} from "../../support/bots/discord-interactions.ts";
import { blackPng } from "../../support/png.ts";
import type { ScriptedCog } from "../../support/scripted-cog.ts";
import { SIZE, scriptedPost } from "../harness.ts";
import { startChats } from "./chat-objects.ts";

const DISCORD = "http://127.0.0.1:9";
const keys = await createDiscordKeys();

let channels = 0;

/** The app with a bot of Discord: a scripted Discord that signs its interactions, and scripted models. */
export function startDiscordBot({ cog = scriptedPost(), fetch }: { cog?: ScriptedCog; fetch?: World["fetch"] } = {}) {
  // One for each test: Durable Objects outlive them.
  const channel = String(4_000 + ++channels);
  const discord = new DiscordChat(() => objects.clock());
  discord.publicKey = keys.publicKey;
  discord.channel = channel;
  const toDiscord = async (url: URL, init: RequestInit) => {
    const answer = await discord.handle(new Request(url, init));
    if (!answer) throw new TypeError("the connection was closed");
    return answer;
  };
  const { ask, ...objects } = startChats(
    cog,
    (url, init) => (url.origin === DISCORD ? toDiscord(url, init) : (fetch ?? cog.fetch)(url, init)),
    `discord/${APPLICATION}/${channel}`,
    {
      ...{ DISCORD_PUBLIC_KEY: keys.publicKey, DISCORD_APPLICATION_ID: APPLICATION },
      ...{ DISCORD_TOKEN: discord.token, DISCORD_API: `${DISCORD}/api/v10` },
    },
  );
  let interactions = 0;
  const post = (body: BodyInit, headers: Record<string, string>) =>
    ask("/hooks/discord", { method: "POST", headers, body });
  return {
    ...objects,
    discord,
    post,
    sign: (body: string, seconds = Math.floor(objects.clock() / 1000), by = keys) => signHeaders(body, by, seconds),
    /** The id of an interaction that is made now. */
    id: () => snowflake(objects.clock(), ++interactions),
    /** Sends an interaction as Discord does, which takes a deferred response. */
    send: async (interaction: Interaction) => {
      const body = JSON.stringify({ ...interaction, channel_id: channel });
      const headers = await signHeaders(body, keys, Math.floor(objects.clock() / 1000));
      const response = await post(body, headers);
      const said = (await response.json()) as { type: number; data?: { content?: string; flags?: number } };
      if (said.type === 5) discord.open(String(interaction.token));
      return { status: response.status, ...said };
    },
    /** An attachment with the picture of the scripted post. */
    picture: async (name = "post", type?: string) => {
      const bytes = await blackPng(SIZE.width, SIZE.height);
      discord.files.set(name, new Uint8Array(bytes));
      return attachment(`${DISCORD}/attachments/${name}`, bytes.length, type);
    },
    /** What the channel shows, the oldest first. */
    shown: () => [...discord.shown.values()].map(({ content }) => content),
  };
}
