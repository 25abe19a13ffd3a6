import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { TelegramChat } from "../../../support/bots/telegram-chat.ts";
import { serveTelegram } from "../../../support/bots/telegram-server.ts";

const telegram = new TelegramChat();
const { url, server } = await serveTelegram(telegram);
const bot = spawn("node", ["scripts/launch.js", "scripts/bots.ts", "run", "telegram"], {
  env: { ...process.env, TELEGRAM_TOKEN: telegram.token, TELEGRAM_API: url },
});
let output = "";
for (const stream of [bot.stdout, bot.stderr]) stream.on("data", (part) => (output += part));
const ended = new Promise<number | null>((resolve) => bot.on("exit", resolve));
afterAll(async () => {
  bot.kill("SIGINT");
  await ended;
  server.close();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (bot.exitCode !== null) throw new Error(output);
    await wait(50);
  }
}

test("npm run bots -- run telegram answers a photo with the embedded models, and ends with Ctrl-C", async () => {
  await until(() => output.includes("@NamesightBot is up"));
  telegram.files.set("astronaut", readFileSync("examples/photos/astronaut.png"));
  telegram.updates.push({
    update_id: 7,
    message: {
      message_id: 70,
      date: 0,
      chat: { id: 42, type: "private", first_name: "Ada" },
      from: { id: 5, is_bot: false, first_name: "Ada", language_code: "de" },
      photo: [{ file_id: "astronaut", file_unique_id: "astronaut", width: 1, height: 1 }],
      caption: "Eileen Collins in her launch suit in Houston",
    },
  });
  await until(() => [...telegram.shown.values()].some(({ photo }) => photo !== null));
  const [shown, ...others] = [...telegram.shown.values()];
  expect(others).toEqual([]);
  if (process.env.SHOWN_PNG) writeFileSync(process.env.SHOWN_PNG, shown?.photo ?? "");
  expect(shown?.text).toBe("Eileen Collins (Person): im Bild\nHouston (Ort): nicht zu erkennen");
  expect(shown?.replyTo).toBe(70);
  expect(telegram.calls.filter((call) => call !== "getUpdates")).toEqual([
    ...["getMe", "getWebhookInfo", ...Array.from({ length: 6 }, () => "setMyCommands")],
    ...["sendMessage", "getFile", "editMessageMedia"],
  ]);
  bot.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(output).toContain("@NamesightBot is stopped.");
});
