import * as z from "zod/mini";
import { isPictureType } from "../image/sniff.ts";
import type { BotMessage, Command, PlatformPicture } from "./platform.ts";

const Snowflake = z.string().check(z.regex(/^\d{1,20}$/));
const Attachment = z.object({ url: z.string(), size: z.number(), content_type: z.optional(z.string()) });
const Content = z.object({ content: z.optional(z.string()), attachments: z.optional(z.array(Attachment)) });
/** A message that was forwarded has what it says in its snapshot. */
const Message = z.extend(Content, { message_snapshots: z.optional(z.array(z.object({ message: Content }))) });
const Option = z.object({ name: z.string(), value: z.optional(z.union([z.string(), z.number(), z.boolean()])) });
/** The fields of an application command that the bot reads, as Discord's documentation has them. */
const Interaction = z.object({
  id: Snowflake,
  type: z.literal(2),
  token: z.string().check(z.minLength(1), z.maxLength(1_000)),
  channel_id: Snowflake,
  locale: z.optional(z.string()),
  data: z.object({
    type: z.int(),
    name: z.string(),
    target_id: z.optional(Snowflake),
    options: z.optional(z.array(Option)),
    resolved: z.optional(
      z.object({
        attachments: z.optional(z.record(z.string(), Attachment)),
        messages: z.optional(z.record(z.string(), Message)),
      }),
    ),
  }),
});
type CommandData = z.infer<typeof Interaction>["data"];

/** Types of application commands. */
export const [CHAT_INPUT, ON_MESSAGE] = [1, 3] as const;
/** The command that asks for a post to be looked at. */
export const RECOGNIZE = "recognize";
const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["privacy", "privacy"],
  ["forget", "forget"],
]);
/** Discord's epoch: the first millisecond of 2015. */
const EPOCH_MS = 1_420_070_400_000;

/**
 * The message in an interaction. A command that the bot does not know is asked for help. Null for an interaction that
 * is no command: the bot makes none that is another.
 */
export function messageOf(interaction: unknown, application: string): BotMessage | null {
  const { data: read } = z.safeParse(Interaction, interaction);
  if (!read) return null;
  const { id, token, channel_id: channel, locale, data } = read;
  const isPost = data.type === ON_MESSAGE || data.name === RECOGNIZE;
  const { text, attachments } = data.type === ON_MESSAGE ? postOf(data) : optionsOf(data);
  const pictures = isPost ? attachments.flatMap(pictureOf) : [];
  return {
    id,
    chat: `discord/${application}/${channel}`,
    language: locale ?? null,
    command: isPost ? null : (COMMANDS.get(data.name) ?? "help"),
    text: isPost ? text.trim() : "",
    pictures,
    hasOther: isPost && pictures.length === 0 && attachments.length > 0,
    album: null,
    isAsked: true,
    place: { channel, token, ...(data.target_id !== undefined && { target: data.target_id }) },
  };
}

/** When Discord made the thing of this id, in Unix milliseconds. */
export function madeAt(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + EPOCH_MS;
}

function postOf({ target_id, resolved }: CommandData) {
  const message = resolved?.messages?.[target_id ?? ""];
  const { content = "", attachments = [] } = message?.message_snapshots?.[0]?.message ?? message ?? {};
  return { text: content, attachments };
}

function optionsOf({ options = [], resolved }: CommandData) {
  const given = (wanted: string) => options.find(({ name }) => name === wanted)?.value ?? "";
  const attachment = resolved?.attachments?.[String(given("image"))];
  return { text: String(given("text")), attachments: attachment ? [attachment] : [] };
}

/** An attachment without a type may be anything: its bytes will say. */
function pictureOf({ url, size, content_type }: z.infer<typeof Attachment>): PlatformPicture[] {
  const type = content_type?.split(";")[0]?.trim().toLowerCase();
  return type === undefined || isPictureType(type) ? [{ id: url, bytes: size }] : [];
}
