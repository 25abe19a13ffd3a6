import { webhookHeaders } from "../../scripts/bots/telegram-setup.ts";
import { startTelegramStub } from "../bots/telegram-stub.ts";
import { timesOf } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { median, quantile } from "../statistics.ts";

const [TOKEN, BOT] = ["123456:bench-token-of-no-bot-at-all", "BenchBot"];
const CHAINS = { ...SETUPS.batching.chains, MNER: "cog:bench/mner", EXPANSION: "cog:bench/expansion" };
const MOST_MS = 200;

const SIZES = {
  /** Updates one after another, and in a row over so many connections. Some warm up. */
  warming: 20,
  single: 200,
  together: { updates: 400, connections: 8 },
  bytes: 50_000,
};

/** Measures how soon updates of a bot are taken while every model hangs, and how many a second are. */
export async function benchBots(session: Session, _note?: unknown, sizes = SIZES): Promise<Figure[]> {
  const telegram = await startTelegramStub(await jpegOf(sizes.bytes));
  const headers = await webhookHeaders(TOKEN, BOT);
  try {
    return await session.at({ ...CHAINS, TELEGRAM_TOKEN: TOKEN, TELEGRAM_API: telegram.url }, async ({ product }) => {
      await session.configure(SETUPS.batching, PROFILES.stalled);
      const send = async (number: number) => {
        const body = JSON.stringify(updateOf(number));
        const response = await fetch(`${product}/hooks/telegram/${BOT}`, { method: "POST", headers, body });
        await response.arrayBuffer();
        if (response.status !== 204) throw new Error(`an update was answered with ${response.status}`);
      };
      await timesOf(send, sizes.warming);
      const times = await timesOf(send, sizes.single);
      const { updates, connections } = sizes.together;
      const started = performance.now();
      await Promise.all(Array.from({ length: connections }, () => timesOf(send, updates / connections)));
      const seconds = (performance.now() - started) / 1_000;
      return [
        {
          bench: "bots",
          name: "update taken while every model hangs, 99th percentile",
          value: quantile(times, 0.99),
          unit: "ms",
          goal: { most: MOST_MS },
          detail: `median ${median(times).toFixed(1)} ms of ${times.length}; ${telegram.said()} placeholders were sent`,
        },
        {
          bench: "bots",
          name: "updates taken",
          value: updates / seconds,
          unit: "/s",
          detail: `${connections} connections, ${updates} updates, each of a chat of its own`,
        },
      ];
    });
  } finally {
    telegram.stop();
  }
}

function updateOf(number: number): object {
  const photo = [{ file_id: "p", file_unique_id: "p", width: 640, height: 480, file_size: 50_000 }];
  const from = { id: number, is_bot: false, first_name: "Ada", language_code: "en" };
  const chat = { id: number, type: "private", first_name: "Ada" };
  const message = { message_id: 1, date: 0, chat, from, photo, caption: "Eileen Collins in Houston" };
  return { update_id: number, message };
}
