import { DiscordResponse } from "./discord.ts";
import { ALWAYS, type Operation, SIGNED_JSON } from "./operation.ts";
import { SlackResponse } from "./slack.ts";

/** The operations by which chat platforms deliver messages to the bots. */
export const BOT_OPERATIONS: readonly Operation[] = [
  {
    id: "discordHook",
    method: "post",
    path: "/hooks/discord",
    tag: "service",
    access: "signed",
    summary: "Receive an interaction of a bot from Discord",
    description:
      "Takes an interaction that Discord has signed with the application's key. It is answered as soon as the message " +
      "is stored; the bot's answer takes the place of the response. Not for callers.",
    headers: {
      "x-signature-ed25519": "The signature, 64 bytes in hexadecimal.",
      "x-signature-timestamp": "When the interaction was sent, in Unix seconds.",
    },
    answer: { name: "DiscordResponse", schema: DiscordResponse, example: { type: 1 } },
    problems: [...SIGNED_JSON, "interaction_signature_invalid", "not_found", "overloaded", ...ALWAYS],
  },
  {
    id: "slackHook",
    method: "post",
    path: "/hooks/slack",
    tag: "service",
    access: "signed",
    summary: "Receive a delivery of a bot from Slack",
    description:
      "Takes an event, or the use of a shortcut, that Slack has signed with the app's secret. It is answered as soon as " +
      "the message is stored; the bot's answer goes to the thread of the message. Not for callers.",
    headers: {
      "x-slack-signature": "`v0=` and the HMAC-SHA-256 of `v0:{timestamp}:{body}` in hexadecimal.",
      "x-slack-request-timestamp": "When the delivery was sent, in Unix seconds.",
    },
    answer: { name: "SlackResponse", schema: SlackResponse, example: {} },
    problems: [
      ...SIGNED_JSON,
      "interaction_signature_invalid",
      "not_found",
      "overloaded",
      "job_unavailable",
      ...ALWAYS,
    ],
  },
  {
    id: "telegramHook",
    method: "post",
    path: "/hooks/telegram/{bot}",
    tag: "service",
    access: "signed",
    summary: "Receive an update of a bot from Telegram",
    description:
      "Takes an update with the secret that `npm run bots -- setup telegram` has given to Telegram. It is answered as " +
      "soon as the message is stored; the bot's answer goes to the chat. Not for callers.",
    pathParameters: { bot: "The bot's user name, without `@`." },
    headers: { "x-telegram-bot-api-secret-token": "The secret of the bot's webhook." },
    problems: [...SIGNED_JSON, "signature_invalid", "not_found", "overloaded", "job_unavailable", ...ALWAYS],
  },
];
