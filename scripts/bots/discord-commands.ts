import type { RESTPutAPIApplicationCommandsJSONBody } from "discord-api-types/v10";
import { CHAT_INPUT, ON_MESSAGE, RECOGNIZE } from "../../src/bots/discord-interaction.ts";
import { LANGUAGE_TAGS, type Sentences, sentencesOf } from "../../src/bots/sentences.ts";

/** What Discord calls a language, where it is not the language's own tag. */
const LOCALES: Readonly<Record<string, readonly string[]>> = { es: ["es-ES", "es-419"], pt: ["pt-BR"] };
/** Types of options: a text, and a file. */
const [STRING, ATTACHMENT] = [3, 11];
/** In servers and for persons who have added the bot for themselves; in servers, with the bot, and between persons. */
const ANYWHERE = { integration_types: [0, 1], contexts: [0, 1, 2] };

type Read = (sentences: Sentences) => string;

/** The bot's commands, as Discord lists them in each of its languages; in English for all others. */
export function discordCommands(): RESTPutAPIApplicationCommandsJSONBody {
  const option = (name: "text" | "image", type: number) => ({
    ...{ type, name, required: true },
    ...described(({ discordNames }) => discordNames[name]),
  });
  const slash = (name: string, read: Read, options: readonly object[] = []) => ({
    ...{ type: CHAT_INPUT, name, options, ...ANYWHERE },
    ...described(read),
  });
  const find: Read = ({ discordNames }) => discordNames.find;
  return [
    slash(RECOGNIZE, ({ commands }) => commands.find, [option("text", STRING), option("image", ATTACHMENT)]),
    { type: ON_MESSAGE, name: find(sentencesOf(null)), name_localizations: localized(find), ...ANYWHERE },
    ...(["help", "privacy", "forget"] as const).map((name) => slash(name, ({ commands }) => commands[name])),
  ] as unknown as RESTPutAPIApplicationCommandsJSONBody;
}

function described(read: Read): object {
  return { description: read(sentencesOf(null)), description_localizations: localized(read) };
}

function localized(read: Read): Record<string, string> {
  const others = LANGUAGE_TAGS.filter((tag) => tag !== "en");
  const each = others.flatMap((tag) => (LOCALES[tag] ?? [tag]).map((locale) => [locale, read(sentencesOf(tag))]));
  return Object.fromEntries(each);
}
