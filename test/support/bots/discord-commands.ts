import type { RESTPutAPIApplicationCommandsJSONBody } from "discord-api-types/v10";

/** Names of commands that are typed, and of their options (docs.discord.com, "Application Command Naming"). */
const TYPED_NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
/** docs.discord.com, "API Reference", "Locales". */
const LOCALES =
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko";
const [CHAT_INPUT, ON_MESSAGE] = [1, 3];
const LONGEST_OPTION = 6_000;

type Localized = Readonly<Record<string, string | null>> | null | undefined;
interface Described {
  readonly type: number;
  readonly name: string;
  readonly name_localizations?: Localized;
  readonly description?: string;
  readonly description_localizations?: Localized;
  readonly max_length?: number;
  readonly options?: readonly Described[];
}

/** The commands of an application as Discord takes them. Throws an `Error` with what is wrong with them. */
export function checkCommands(given: unknown): RESTPutAPIApplicationCommandsJSONBody {
  const commands = given as readonly Described[];
  for (const command of commands) {
    const { type, name, description, options = [] } = command;
    if (type === CHAT_INPUT) for (const one of [command, ...options]) checkTyped(one);
    else if (type !== ON_MESSAGE) throw new Error(`${name}: type`);
    else if (description || options.length > 0) throw new Error(`${name}: CONTEXT_MENU_COMMAND`);
    if (namesOf(command).some(({ length }) => length < 1 || length > 32)) throw new Error(`${name}: length`);
  }
  const names = commands.map(({ name, type }) => `${type} ${name}`);
  if (new Set(names).size < names.length) throw new Error("APPLICATION_COMMANDS_DUPLICATE_NAME");
  return given as RESTPutAPIApplicationCommandsJSONBody;
}

function checkTyped(one: Described): void {
  const { name, description = "", description_localizations: localized, max_length: longest = 1 } = one;
  for (const said of namesOf(one)) {
    if (!TYPED_NAME.test(said) || said !== said.toLowerCase())
      throw new Error(`${said}: APPLICATION_COMMAND_INVALID_NAME`);
  }
  for (const text of [description, ...textsOf(localized)]) {
    if (text.length < 1 || text.length > 100) throw new Error(`${name}: BASE_TYPE_BAD_LENGTH`);
  }
  if (longest < 1 || longest > LONGEST_OPTION) throw new Error(`${name}: max_length`);
}

function namesOf({ name, name_localizations: localized }: Described): string[] {
  return [name, ...textsOf(localized)];
}

function textsOf(localized: Localized): string[] {
  const unknown = Object.keys(localized ?? {}).find((locale) => !LOCALES.split(" ").includes(locale));
  if (unknown !== undefined) throw new Error(`there is no locale ${unknown}`);
  return Object.values(localized ?? {}).map(String);
}
