import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../../../scripts/stack/ports.ts";
import { BOT, fileOf, mention, signedHeaders } from "../../../support/bots/slack-deliveries.ts";
import { serveSlack } from "../../../support/bots/slack-server.ts";
import { SlackWorkspace } from "../../../support/bots/slack-workspace.ts";

const workspace = new SlackWorkspace();
const { api, server } = await serveSlack(workspace);
const [port, functionsPort] = [await freePort(), await freePort()];
const start = spawn("node", ["scripts/launch.js", "scripts/start.ts"], {
  env: {
    ...process.env,
    ...{ PORT: String(port), FUNCTIONS_PORT: String(functionsPort), ACCESS: "open" },
    ...{ SLACK_API: api, SLACK_TOKEN: workspace.token, SLACK_SIGNING_SECRET: workspace.signingSecret },
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

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    if (start.exitCode !== null) throw new Error(output);
    await wait(100);
  }
}

test("npm start answers a mention with the embedded models, in the place of what it said at first", async () => {
  const health = () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(health);
  const bytes = new Uint8Array(readFileSync("examples/photos/astronaut.png"));
  workspace.files.set("F0ASTRONAUT", { bytes, type: "image/png" });
  const file = fileOf("F0ASTRONAUT", { size: bytes.length });
  // Of now, because the state of earlier runs is kept.
  const ts = `${(Date.now() / 1000).toFixed(6)}`;
  const text = `<@${BOT}> Eileen Collins in her launch suit in Houston`;
  const body = JSON.stringify(mention(text, { ts, event_ts: ts, files: [file] }));
  const headers = await signedHeaders(workspace.signingSecret, body, Math.floor(Date.now() / 1000));
  const response = await fetch(`http://127.0.0.1:${port}/hooks/slack`, { method: "POST", headers, body });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  await until(() => [...workspace.shown.values()].some(({ pictures }) => pictures.length > 0));
  const [shown, ...others] = [...workspace.shown.values()];
  expect(others).toEqual([]);
  if (process.env.SHOWN_PNG) writeFileSync(process.env.SHOWN_PNG, shown?.pictures[0] ?? "");
  expect(shown?.text).toBe("*Eileen Collins* (person): in the picture\n*Houston* (place): cannot tell");
  expect(shown?.thread).toBe(ts);
  expect(workspace.calls).toEqual([
    ...["chat.postMessage", "files.info", "files.getUploadURLExternal", "files.completeUploadExternal"],
    ...["files.info", "files.info", "chat.update"],
  ]);
});
