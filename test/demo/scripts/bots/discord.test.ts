import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { DiscordChat } from "../../../support/bots/discord-chat.ts";
import {
  APPLICATION,
  attachment,
  createDiscordKeys,
  recognize,
  signHeaders,
  snowflake,
} from "../../../support/bots/discord-interactions.ts";
import { serveDiscord } from "../../../support/bots/discord-server.ts";

const discord = new DiscordChat(Date.now);
const keys = await createDiscordKeys();
const { url, server } = await serveDiscord(discord);
const [port, functionsPort] = [await freePort(), await freePort()];
const start = spawn("node", ["scripts/launch.js", "scripts/start.ts"], {
  env: {
    ...process.env,
    ...{ PORT: String(port), FUNCTIONS_PORT: String(functionsPort), ACCESS: "open" },
    ...{ DISCORD_API: `${url}/api/v10`, DISCORD_TOKEN: discord.token },
    ...{ DISCORD_PUBLIC_KEY: keys.publicKey, DISCORD_APPLICATION_ID: APPLICATION },
  },
});
let output = "";
for (const stream of [start.stdout, start.stderr]) stream.on("data", (part) => (output += part));
const ended = new Promise<number | null>((resolve) => start.on("exit", resolve));
afterAll(async () => {
  start.kill("SIGINT");
  await ended;
  server.close();
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  return typeof address === "object" && address ? address.port : 0;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    if (start.exitCode !== null) throw new Error(output);
    await wait(100);
  }
}

test("npm start answers /recognize with the embedded models, in the place of the deferred response", async () => {
  const health = () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(health);
  discord.files.set("astronaut.png", readFileSync("examples/photos/astronaut.png"));
  const image = attachment(`${url}/attachments/astronaut.png`, 500_000);
  const id = snowflake(Date.now());
  const interaction = recognize(id, "Eileen Collins in her launch suit in Houston", image, { locale: "de" });
  const body = JSON.stringify(interaction);
  const headers = await signHeaders(body, keys, Math.floor(Date.now() / 1000));
  const response = await fetch(`http://127.0.0.1:${port}/hooks/discord`, { method: "POST", headers, body });
  expect([response.status, await response.json()]).toEqual([200, { type: 5 }]);
  discord.open(String(interaction.token));
  await until(() => [...discord.shown.values()].some(({ pictures }) => pictures.length > 0));
  const [shown, ...others] = [...discord.shown.values()];
  expect(others).toEqual([]);
  if (process.env.SHOWN_PNG) writeFileSync(process.env.SHOWN_PNG, shown?.pictures[0] ?? "");
  expect(shown?.content).toBe("**Eileen Collins** (Person): im Bild\n**Houston** (Ort): nicht zu erkennen");
});
