import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { refuseUsage, USAGE_ERROR } from "../arguments.ts";
import { Refused } from "./service.ts";

/** What a command did: for programs, and for people. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  /** Exit status 1 where it is true. */
  readonly failed?: boolean;
}

/** The command was used wrongly. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

/** The whole number that an option is. Throws `WrongUse` for anything else. */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new WrongUse(`${option} must be a whole number`);
  return Number(text);
}

/** A command of a script: the arguments that it needs, and what it does with them. */
export interface Command<Given extends unknown[]> {
  readonly needs: readonly string[];
  readonly run: (...given: Given) => Promise<Outcome>;
}

/**
 * The command of this name, which was given these arguments.
 *
 * @throws WrongUse when there is none, or it needs others
 */
export function commandOf<Given extends unknown[]>(
  commands: Readonly<Record<string, Command<Given>>>,
  name: string,
  words: readonly string[],
): Command<Given> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new WrongUse(name === "" ? "name a command" : `there is no command ${name}`);
  if (words.length !== command.needs.length) throw new WrongUse(`${name} needs ${command.needs.join(" and ")}`);
  return command;
}

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ allowPositionals: true; options: Options }>
>["values"];

/**
 * Reads the command line of a script, runs its command, prints what the command did, or why it did nothing, and sets
 * the exit status. `--help` prints the usage.
 *
 * @param run runs the command of this name, with the arguments behind it
 */
export async function runCommandLine<Options extends ParseArgsOptionsConfig>(
  options: Options,
  usage: string,
  run: (name: string, words: string[], values: Values<Options>) => Promise<Outcome>,
): Promise<void> {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const { help, json } = values as { readonly help?: boolean; readonly json?: boolean };
    const [name = "", ...words] = positionals;
    const outcome = help ? null : await run(name, words, values);
    console.log(outcome ? (json ? JSON.stringify(outcome.json, null, 2) : outcome.text) : usage.trim());
    if (outcome?.failed) process.exitCode = 1;
  } catch (error) {
    if (error instanceof WrongUse || error instanceof TypeError) refuseUsage(error.message, usage);
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof Refused ? 1 : USAGE_ERROR;
  }
}
