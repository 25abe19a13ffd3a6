import * as z from "zod/mini";
import { isPictureType } from "../image/sniff.ts";
import type { BotMessage, Command, PlatformPicture } from "./platform.ts";

const File = z.object({ file_id: z.string(), file_size: z.optional(z.number()), mime_type: z.optional(z.string()) });
const Entities = z.array(z.object({ type: z.string(), offset: z.number(), length: z.number() }));
const User = z.object({
  is_bot: z.boolean(),
  username: z.optional(z.string()),
  language_code: z.optional(z.string()),
});
/** What a message may have in place of a picture. */
const OTHER_MEDIA = ["animation", "audio", "document", "sticker", "story", "video", "video_note", "voice"] as const;
const words = {
  text: z.optional(z.string()),
  caption: z.optional(z.string()),
  entities: z.optional(Entities),
  caption_entities: z.optional(Entities),
};
const Content = z.looseObject({
  ...words,
  from: z.optional(User),
  photo: z.optional(z.array(File)),
  document: z.optional(File),
});
/** The fields of a Message that the bot reads, as the Bot API's documentation has them. */
const Message = z.extend(Content, {
  message_id: z.int(),
  chat: z.object({ id: z.int(), type: z.string() }),
  media_group_id: z.optional(z.string()),
  reply_to_message: z.optional(Content),
});
type Content = z.infer<typeof Content>;
const Update = z.object({ message: Message });

/** What the bot does at each command. `/start` is sent when a chat is opened. */
const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["start", "help"],
  ["help", "help"],
  ["privacy", "privacy"],
  ["forget", "forget"],
]);
/** The command that asks for a post to be looked at, in groups. */
const FIND = "find";

/**
 * The message in an update that the bot has to answer. Null where there is none: an edit, a message of a bot, what is
 * said in a group without asking the bot, news about the chat, and everything else that Telegram tells.
 *
 * @param bot its user name, without `@`
 */
export function messageOf(update: unknown, bot: string): BotMessage | null {
  const { data } = z.safeParse(Update, update);
  if (!data) return null;
  const { message } = data;
  if (message.from?.is_bot || message.sender_chat || message.via_bot) return null;
  const original = message.reply_to_message;
  // The bot's own messages are no posts.
  const isToBot = isNamed(original?.from?.username, bot);
  const post = isToBot ? undefined : original;
  const command = commandIn(message, bot);
  const isAsked = message.chat.type === "private" || command !== null || isToBot || mentions(message, bot);
  if (!isAsked && message.media_group_id === undefined) return null;
  const own = picturesOf(message);
  const pictures = own.length > 0 ? own : post ? picturesOf(post) : [];
  const said = withoutAsking(wordsOf(message), bot);
  const hasOther = pictures.length === 0 && [message, post].some((one) => one && hasOtherMedia(one));
  if (wordsOf(message) === "" && pictures.length === 0 && !hasOther) return null;
  return {
    id: String(message.message_id),
    chat: `telegram/${bot.toLowerCase()}/${message.chat.id}`,
    language: message.from?.language_code ?? null,
    command: COMMANDS.get(command ?? "") ?? null,
    text: said !== "" || !post ? said : withoutAsking(wordsOf(post), bot),
    pictures,
    hasOther,
    album: message.media_group_id ?? null,
    isAsked,
    place: { chat: message.chat.id, message: message.message_id },
  };
}

function wordsOf({ text, caption }: Content): string {
  return text ?? caption ?? "";
}

function isNamed(name: string | undefined, bot: string): boolean {
  return name?.toLowerCase() === bot.toLowerCase();
}

/** The command that a message begins with, if it is one of the bot's and not another bot's. */
function commandIn(message: Content, bot: string): string | null {
  const entities = message.entities ?? message.caption_entities ?? [];
  const first = entities.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (!first) return null;
  const [name = "", target] = wordsOf(message).slice(1, first.length).toLowerCase().split("@");
  if (target !== undefined && !isNamed(target, bot)) return null;
  return COMMANDS.has(name) || name === FIND ? name : null;
}

/** Whether a message names the bot. Positions are UTF-16 code units. */
function mentions(message: Content, bot: string): boolean {
  return (message.entities ?? message.caption_entities ?? []).some(
    ({ type, offset, length }) =>
      type === "mention" && isNamed(wordsOf(message).slice(offset + 1, offset + length), bot),
  );
}

/** The text without the command and the bot's name, which are no part of the post. */
function withoutAsking(text: string, bot: string): string {
  return text.replace(new RegExp(`^/${FIND}(@${bot})?(?=\\s|$)|@${bot}\\b`, "gi"), "").trim();
}

/** The photo in its largest size, or the document that is a picture. */
function picturesOf({ photo, document }: Content): PlatformPicture[] {
  const file = photo?.at(-1) ?? (isPictureType(document?.mime_type ?? "") ? document : undefined);
  return file ? [{ id: file.file_id, bytes: file.file_size ?? null }] : [];
}

function hasOtherMedia(message: Content): boolean {
  return OTHER_MEDIA.some((media) => message[media] !== undefined);
}
