import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** What a command was called with. */
export interface CommandLine {
  readonly json: boolean;
  readonly operands: readonly string[];
  /** The values of the command's own options, by name; an option that was not given is absent. */
  readonly values: Readonly<Record<string, string>>;
  /** The values of the options that may be repeated, in their order, by name; absent as above. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** The command's own options without a value that were given. */
  readonly flags: ReadonlySet<string>;
}

/** Options that are not one value each. */
interface OtherOptions {
  /** Options with a value that may be given several times. */
  readonly repeated?: readonly string[];
  /** Options without a value. */
  readonly flags?: readonly string[];
}

/**
 * Read a command's arguments: `--json`, `--help`, the command's own options with a value, and as many operands as it
 * takes. Prints the usage where help is asked for, or beside what is wrong.
 * @param names the command's own options with one value
 * @returns the exit code when the command has nothing more to do: 0 after `--help`, 2 when it was called wrongly
 */
export function readCommandLine(
  argv: string[],
  usage: string,
  operandCount: number,
  names: readonly string[] = [],
  { repeated = [], flags = [] }: OtherOptions = {},
): CommandLine | number {
  const options = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
    ...Object.fromEntries(names.map((name) => [name, { type: "string" } as const])),
    ...Object.fromEntries(repeated.map((name) => [name, { type: "string", multiple: true } as const])),
    ...Object.fromEntries(flags.map((name) => [name, { type: "boolean" } as const])),
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (positionals.length === operandCount) {
      const all: Readonly<Record<string, unknown>> = values;
      const given = names.flatMap((name) => (typeof all[name] === "string" ? [[name, all[name]] as const] : []));
      const lists = repeated.flatMap((name) => (Array.isArray(all[name]) ? [[name, all[name]] as const] : []));
      return {
        json: values.json,
        operands: positionals,
        values: Object.fromEntries(given),
        lists: Object.fromEntries(lists),
        flags: new Set(flags.filter((name) => all[name] === true)),
      };
    }
    console.error(`${operandCount} operands expected, got ${positionals.length}\n${usage}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
  }
  return 2;
}

/** Says so when a file would be written over a file that is read, or twice; null when none would. */
export function faultOfWritten(written: ReadonlyArray<string | undefined>, read: readonly string[]): string | null {
  const taken = new Set(read.map((path) => resolve(path)));
  for (const path of written) {
    if (path === undefined) continue;
    if (taken.has(resolve(path))) return `${path} cannot be written: it is another file of the same command`;
    taken.add(resolve(path));
  }
  return null;
}
