import { parseArgs } from "node:util";

/** What a command was called with. */
export interface CommandLine {
  readonly json: boolean;
  readonly operands: readonly string[];
  /** The values of the command's own options, by name; an option that was not given is absent. A flag has "true". */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Read a command's arguments: `--json`, `--help`, the command's own options with a value, and as many operands as it
 * takes. Prints the usage where help is asked for, or beside what is wrong.
 * @param names the command's own options
 * @param flags those of its own options that have no value
 * @returns the exit code when the command has nothing more to do: 0 after `--help`, 2 when it was called wrongly
 */
export function readCommandLine(
  argv: string[],
  usage: string,
  operandCount: number,
  names: readonly string[] = [],
  flags: readonly string[] = [],
): CommandLine | number {
  const options = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
    ...Object.fromEntries(names.map((name) => [name, { type: "string" } as const])),
    ...Object.fromEntries(flags.map((name) => [name, { type: "boolean" } as const])),
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (positionals.length === operandCount) {
      const given = [...names, ...flags].flatMap((name) => {
        const value: unknown = values[name as keyof typeof values];
        return typeof value === "string" || value === true ? [[name, String(value)] as const] : [];
      });
      return { json: values.json, operands: positionals, values: Object.fromEntries(given) };
    }
    console.error(`${operandCount} operands expected, got ${positionals.length}\n${usage}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
  }
  return 2;
}
