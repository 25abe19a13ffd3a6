import { LIMITS } from "../../schemas/limits.ts";
import type { BotMessage, CommandWords } from "./platform.ts";
import { fill, type Sentences } from "./sentences.ts";

/** What is said to each command. */
const COMMANDS = {
  help: ({ help }: Sentences) => help,
  privacy: ({ privacy }: Sentences) => privacy,
  forget: ({ forgotten }: Sentences) => forgotten,
} as const;

const SLASHED: CommandWords = { find: "/find", forget: "/forget" };

/** What is answered to a message without any model; null for a post to look at. */
export function sentenceFor(
  { command, text, pictures, hasOther }: BotMessage,
  sentences: Sentences,
  words: CommandWords = SLASHED,
): string | null {
  if (command !== null) return fill(COMMANDS[command](sentences), { ...words });
  if (pictures.length === 0) return hasOther ? sentences.notAPicture : sentences.noPicture;
  if (pictures.some(({ bytes }) => (bytes ?? 0) > LIMITS.uploadBytes)) return tooLarge(sentences);
  if (text === "") return sentences.noText;
  if (text.length > LIMITS.textLength) return fill(sentences.textTooLong, { limit: LIMITS.textLength });
  return null;
}

export function tooLarge(sentences: Sentences): string {
  return fill(sentences.pictureTooLarge, { limit: LIMITS.uploadBytes / 1024 / 1024 });
}
