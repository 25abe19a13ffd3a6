import * as z from "zod/mini";
import { isPictureType } from "../image/sniff.ts";
import type { BotMessage, Command, PlatformPicture } from "./platform.ts";
import { readable } from "./slack-text.ts";

const Id = z.string().check(z.regex(/^[A-Z0-9]{2,32}$/));
/** The time of a message, which names it in its channel. */
const Stamp = z.string().check(z.regex(/^\d{1,12}\.\d{1,9}$/));
/** Of a file in a channel that is shared with another workspace, there is its id alone. */
const File = z.object({
  id: Id,
  mode: z.optional(z.string()),
  size: z.optional(z.number()),
  mimetype: z.optional(z.string()),
});
const Content = z.object({ text: z.nullish(z.string()), files: z.optional(z.array(File)) });
type Content = z.infer<typeof Content>;
/** A message with what names it. */
const Message = z.extend(Content, { ts: Stamp, thread_ts: z.optional(Stamp) });
const Callback = z.object({
  type: z.literal("event_callback"),
  authorizations: z.optional(
    z.array(z.object({ user_id: z.catch(z.optional(Id), undefined), is_bot: z.optional(z.boolean()) })),
  ),
  event: z.extend(Message, {
    type: z.enum(["app_mention", "message"]),
    channel: Id,
    channel_type: z.optional(z.string()),
    subtype: z.optional(z.string()),
    user: z.optional(z.string()),
    bot_id: z.optional(z.string()),
    edited: z.optional(z.unknown()),
  }),
});
const Shortcut = z.object({
  type: z.literal("message_action"),
  callback_id: z.string(),
  action_ts: Stamp,
  channel: z.object({ id: Id }),
  message: Message,
});
const Verification = z.object({ type: z.literal("url_verification"), challenge: z.string() });
const Root = z.object({ messages: z.optional(z.array(Message)) });

/** What names the bot's message shortcut. */
export const SHORTCUT = "find_who_is_in_it";
const COMMANDS: readonly string[] = ["help", "privacy", "forget"] satisfies Command[];
/** Kinds of files of which only a trace is left: deleted, or older than a free workspace shows. */
const GONE: readonly unknown[] = ["tombstone", "hidden_by_limit"];
/** The kind of a file that another service has, and not Slack. */
const EXTERNAL = "external";
/** Kinds of messages that people write; edits, deletions and news about a channel have others. */
const WRITTEN: readonly unknown[] = [undefined, "file_share", "thread_broadcast"];

/** What Slack asks to have said back when the address is set; null for every other delivery. */
export function challengeOf(delivery: unknown): string | null {
  return z.safeParse(Verification, delivery).data?.challenge ?? null;
}

/**
 * The message in a delivery that the bot has to answer: one that mentions it, one of a direct conversation, or the one
 * for which its shortcut was chosen. Null for everything else, such as an edit or a message of a bot.
 */
export function messageOf(delivery: unknown): BotMessage | null {
  const { data: shortcut } = z.safeParse(Shortcut, delivery);
  if (shortcut) return shortcut.callback_id === SHORTCUT ? ofShortcut(shortcut) : null;
  const { data } = z.safeParse(Callback, delivery);
  if (!data) return null;
  const { event, authorizations = [] } = data;
  if (event.type === "message" && event.channel_type !== "im") return null;
  const bot = authorizations.find(({ is_bot }) => is_bot)?.user_id;
  const isOfBot = event.bot_id !== undefined || (bot !== undefined && event.user === bot);
  if (isOfBot || event.edited !== undefined || !WRITTEN.includes(event.subtype)) return null;
  return ofEvent(event, bot);
}

/** A message with the text and the files of the one that begins its thread; its own text where that one has none. */
export function withRoot(message: BotMessage, replies: unknown): BotMessage {
  const { root, ...place } = message.place;
  const { data } = z.safeParse(Root, replies);
  const post = data?.messages?.find(({ ts }) => ts === root);
  if (!post) return { ...message, place };
  return { ...message, place, ...filesOf(post), text: readable(post.text ?? "") || message.text };
}

function ofEvent(event: z.infer<typeof Callback>["event"], bot: string | undefined): BotMessage {
  const { ts, thread_ts: thread = ts, channel } = event;
  const text = event.text ?? "";
  const said = readable(bot === undefined ? text : text.replaceAll(new RegExp(`<@${bot}(\\|[^<>]*)?>`, "g"), ""));
  const command = COMMANDS.find((name) => name === said.toLowerCase()) as Command | undefined;
  const files = filesOf(event);
  const isInThread = thread !== ts && command === undefined && files.pictures.length === 0 && !files.hasOther;
  return {
    ...messageIn(channel, thread, ts),
    ...files,
    id: ts,
    command: command ?? null,
    text: said,
    ...(isInThread && { place: { channel, thread, since: ts, root: thread } }),
  };
}

function ofShortcut({ message, channel: { id }, action_ts }: z.infer<typeof Shortcut>): BotMessage {
  const { ts, thread_ts: thread = ts, text } = message;
  // Whoever chooses it again wants another answer.
  const named = { id: `${action_ts} ${ts}`, command: null, text: readable(text ?? "") };
  return { ...messageIn(id, thread, action_ts), ...filesOf(message), ...named };
}

/** What all messages have in common. `since` is when it was asked, after which the answer is. */
function messageIn(channel: string, thread: string, since: string) {
  const place = { channel, thread, since };
  return { chat: `slack/${channel}`, language: null, album: null, isAsked: true, place };
}

/** The pictures among the files of a message. What a file is shows when it is read, where Slack does not tell. */
function filesOf({ files = [] }: Content): { pictures: PlatformPicture[]; hasOther: boolean } {
  const there = files.filter(({ mode }) => !GONE.includes(mode));
  const pictures = there.filter(({ mode, mimetype }) => mode !== EXTERNAL && (!mimetype || isPictureType(mimetype)));
  return {
    pictures: pictures.map(({ id, size }) => ({ id, bytes: size ?? null })),
    hasOther: pictures.length === 0 && there.length > 0,
  };
}
