import type { AnswerLine, AnswerText } from "./answer-text.ts";

/** A picture of a message, as its platform knows it. */
export interface PlatformPicture {
  /** The platform's name for it, or its address. */
  readonly id: string;
  /** As the platform tells it; null where it does not. */
  readonly bytes: number | null;
}

/** A message that asks for no post to be looked at. */
export type Command = "help" | "privacy" | "forget";

/** What stands for commands in what a bot says. */
export interface CommandWords {
  readonly find: string;
  readonly forget: string;
}

/** A message that a bot has to answer. It is stored as JSON, until it is answered. */
export interface BotMessage {
  /** The platform's name for it in its chat: the same when it is delivered again, and greater in a later message. */
  readonly id: string;
  /** The chat's name, unique among all platforms and bots: that of its Durable Object. */
  readonly chat: string;
  /** Language of who wrote it (BCP 47), where the platform tells it. */
  readonly language: string | null;
  readonly command: Command | null;
  /** The post's text: of the message, or of what it replies to. */
  readonly text: string;
  readonly pictures: readonly PlatformPicture[];
  /** Whether there is something that is no picture in place of one. */
  readonly hasOther: boolean;
  /** Messages of one album are answered together; null for a message on its own. */
  readonly album: string | null;
  /** Whether it asks the bot. Only a message of an album may be here without: another one of the album may ask. */
  readonly isAsked: boolean;
  /** Where the answer goes. Only the code of its platform reads it. */
  readonly place: Readonly<Record<string, string | number>>;
}

/** What a bot says. */
export interface BotAnswer {
  readonly text: AnswerText;
  /** PNGs of the answer; none where it is a text alone. */
  readonly pictures: readonly Uint8Array<ArrayBuffer>[];
}

/** A chat platform. Every call throws a `PlatformError` when it does not work. */
export interface Platform {
  /** Maximum length of the text of an answer with a picture and without one, in UTF-16 code units. */
  readonly textLength: {
    readonly caption: number;
    readonly text: number;
    /** The length of a line as the platform's code writes it; without this, lines are sent as they are. */
    readonly of?: (line: AnswerLine) => number;
  };
  /** How a person asks the bot in a group, and has posts deleted, in its sentences; `/find` and `/forget` without. */
  readonly words?: CommandWords;
  /** The message with the post that it only points to. Absent where each message has its post. */
  complete?(message: BotMessage): Promise<BotMessage>;
  /** Sends a text that will be replaced by the answer, where the platform shows none. Returns its name. */
  say(message: BotMessage, text: string): Promise<string>;
  /** The name of what `say` has sent for a message, where its reply got lost; null where nothing was sent. */
  find?(message: BotMessage): Promise<string | null>;
  /** The bytes of a picture. Throws a `GuardError` `url_too_large` for more than `LIMITS.uploadBytes`. */
  picture(picture: PlatformPicture, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Puts the answer's text and its first picture, or all of them, in the place of what `say` sent. Doing it again
   * changes nothing that is seen.
   *
   * @param said what `say` returned
   */
  answer(message: BotMessage, said: string, answer: BotAnswer): Promise<void>;
  /** Sends the pictures of the answer that `answer` has left out. Doing it again sends them again. */
  sendMore(message: BotMessage, pictures: BotAnswer["pictures"]): Promise<void>;
}
