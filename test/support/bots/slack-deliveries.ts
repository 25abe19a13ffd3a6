import { toHex, toUtf8 } from "../../../schemas/encodings.ts";

/** The user who writes, and the bot. */
export const [PERSON, BOT, CHANNEL] = ["U0PERSON1", "UB0T00001", "C0CHANNEL"];
const FILE = {
  id: "F0PICTURE1",
  name: "picture.png",
  mimetype: "image/png",
  filetype: "png",
  size: 70,
  mode: "hosted",
};

/** A picture in a message, as events have it. */
export const fileOf = (id: string, more: object = {}) => ({ ...FILE, id, ...more });

/** A callback of the Events API around an event (docs.slack.dev/apis/events-api). */
export function callback(event: object, more: object = {}): object {
  return {
    token: "deprecated",
    team_id: "T0TEAM001",
    api_app_id: "A0APP0001",
    event,
    type: "event_callback",
    event_id: "Ev0EVENT01",
    event_time: 1_700_000_100,
    authorizations: [
      { enterprise_id: null, team_id: "T0TEAM001", user_id: BOT, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: "4-eyJldCI6ImFwcF9tZW50aW9uIn0",
    ...more,
  };
}

/** A message that mentions the bot (docs.slack.dev/reference/events/app_mention). */
export function mention(text: string, more: object = {}): object {
  const ts = "1700000100.000200";
  return callback({
    ...{ type: "app_mention", user: PERSON, text, ts, channel: CHANNEL, event_ts: ts },
    client_msg_id: "883e5317-28e3-4ef8-9385-b88343560de6",
    team: "T0TEAM001",
    ...more,
  });
}

/** A message of a direct conversation (docs.slack.dev/reference/events/message.im). */
export function direct(text: string, more: object = {}): object {
  const ts = "1700000100.000300";
  return callback({
    ...{ type: "message", channel: "D0DIRECT1", user: PERSON, text, ts, event_ts: ts, channel_type: "im" },
    ...more,
  });
}

/** The use of the message shortcut (docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload). */
export function shortcut(message: object, more: object = {}): object {
  return {
    type: "message_action",
    token: "deprecated",
    action_ts: "1700000200.000001",
    team: { id: "T0TEAM001", domain: "test" },
    user: { id: PERSON, name: "ada" },
    channel: { id: CHANNEL, name: "news" },
    callback_id: "find_who_is_in_it",
    trigger_id: "13345224609.738474920.8088930838d88f008e0",
    message_ts: "1700000050.000100",
    response_url: "https://hooks.slack.com/app/T0TEAM001/1/x",
    message: { type: "message", user: "U0OTHER01", ts: "1700000050.000100", ...message },
    ...more,
  };
}

/** The body of a shortcut: a form. */
export function formOf(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The headers with which Slack signs a body, by the recipe of its documentation. */
export async function signedHeaders(
  secret: string,
  body: string,
  seconds: number,
  type = "application/json",
): Promise<Record<string, string>> {
  const key = await crypto.subtle.importKey("raw", toUtf8(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const code = await crypto.subtle.sign("HMAC", key, toUtf8(`v0:${seconds}:${body}`));
  return {
    "content-type": type,
    "x-slack-request-timestamp": String(seconds),
    "x-slack-signature": `v0=${toHex(new Uint8Array(code))}`,
  };
}
