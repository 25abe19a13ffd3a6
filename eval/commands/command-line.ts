import { parseArgs } from "node:util";

/** What a command was called with. */
export interface CommandLine {
  readonly json: boolean;
  readonly operands: readonly string[];
}

/**
 * Read a command's arguments: `--json`, `--help` and as many operands as the command takes. Prints the usage where help
 * is asked for, or beside what is wrong.
 * @returns the exit code when the command has nothing more to do: 0 after `--help`, 2 when it was called wrongly
 */
export function readCommandLine(argv: string[], usage: string, operandCount: number): CommandLine | number {
  const options = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (positionals.length === operandCount) return { json: values.json, operands: positionals };
    console.error(`${operandCount} operands expected, got ${positionals.length}\n${usage}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
  }
  return 2;
}
