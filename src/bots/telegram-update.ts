import type { Message, MessageEntity, Update } from "grammy/types";
import type { PictureType } from "../image/sniff.ts";
import type { BotMessage, Command, PlatformPicture } from "./platform.ts";

/** What the bot does at each command. The command alone, as `/start` is sent when a chat is opened, explains the bot. */
const COMMANDS: Readonly<Record<string, Command>> = {
  start: "help",
  help: "help",
  privacy: "privacy",
  forget: "forget",
};
const PICTURE_TYPES: readonly string[] = ["image/jpeg", "image/png", "image/webp"] satisfies PictureType[];
/** The command that asks for a post to be looked at, in groups. */
const FIND = "find";

/**
 * The message in an update that the bot has to answer; null where there is none: an edit, a message of a bot, what is
 * said in a group without asking the bot, and everything else that Telegram tells.
 *
 * @param bot its user name, without `@`
 */
export function messageOf({ message }: Update, bot: string): BotMessage | null {
  if (!message || message.from?.is_bot || message.sender_chat || message.via_bot) return null;
  const isPrivate = message.chat.type === "private";
  const words = wordsOf(message);
  const command = commandIn(message, bot);
  const isAsked = command !== null || mentions(message, bot);
  if (!isPrivate && !isAsked) return null;
  const original = message.reply_to_message;
  const own = picturesOf(message);
  const pictures = own.length > 0 ? own : original ? picturesOf(original) : [];
  const said = withoutAsking(words, bot);
  const text = said !== "" || !original ? said : wordsOf(original);
  const hasOther = pictures.length === 0 && [message, original].some((one) => one && hasOtherMedia(one));
  return {
    id: String(message.message_id),
    chat: `telegram/${bot}/${message.chat.id}`,
    language: message.from?.language_code ?? null,
    command: (command !== null && COMMANDS[command]) || null,
    text,
    pictures,
    hasOther,
    album: message.media_group_id ?? null,
    place: { chat: message.chat.id, message: message.message_id },
  };
}

function wordsOf({ text, caption }: Message): string {
  return text ?? caption ?? "";
}

function entitiesOf({ entities, caption_entities }: Message): readonly MessageEntity[] {
  return entities ?? caption_entities ?? [];
}

/** The command that a message begins with, if it is one of the bot's and not another bot's. */
function commandIn(message: Message, bot: string): string | null {
  const first = entitiesOf(message).find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (!first) return null;
  const [name = "", target] = wordsOf(message).slice(1, first.length).split("@");
  if (target !== undefined && target.toLowerCase() !== bot.toLowerCase()) return null;
  return name in COMMANDS || name === FIND ? name : null;
}

function mentions(message: Message, bot: string): boolean {
  const words = wordsOf(message);
  const asked = `@${bot}`.toLowerCase();
  return entitiesOf(message).some(
    ({ type, offset, length }) => type === "mention" && words.slice(offset, offset + length).toLowerCase() === asked,
  );
}

/** The text without the command and the bot's name, which are no part of the post. */
function withoutAsking(words: string, bot: string): string {
  const asking = new RegExp(`^/${FIND}(@\\w+)?(?=\\s|$)|@${bot}\\b`, "gi");
  return words.replace(asking, "").trim();
}

/** The photo in its largest size, or the document that is a picture. */
function picturesOf({ photo, document }: Message): PlatformPicture[] {
  const largest = photo?.at(-1);
  if (largest) return [{ id: largest.file_id, bytes: largest.file_size ?? null }];
  if (!document || !PICTURE_TYPES.includes(document.mime_type ?? "")) return [];
  return [{ id: document.file_id, bytes: document.file_size ?? null }];
}

function hasOtherMedia(message: Message): boolean {
  const { animation, audio, document, sticker, story, video, video_note, voice } = message;
  return [animation, audio, document, sticker, story, video, video_note, voice].some((media) => media !== undefined);
}
