import { type ParseArgsConfig, parseArgs } from "node:util";

/** Exit status of a command that was used wrongly or is configured wrongly. */
export const USAGE_ERROR = 2;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known }>>["values"];

/**
 * The options of a command. `--help` prints its usage and exits with 0; an unknown option, a missing value and any
 * argument that is no option are refused with exit status 2.
 */
export function readOptions<const Known extends Options>(
  usage: string,
  options: Known,
  given: readonly string[] = process.argv.slice(2),
): Values<Known> {
  if (given.includes("--help") || given.includes("-h")) {
    console.log(usage.trim());
    process.exit(0);
  }
  try {
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : String(error), usage);
  }
}

/** Prints what is wrong with the arguments and how the command is used, and exits with 2. */
export function refuseUsage(message: string, usage: string): never {
  console.error(`${message}\n\n${usage.trim()}`);
  process.exit(USAGE_ERROR);
}
