import { parseArgs } from "node:util";

/** What a benchmark was called with. */
export interface BenchOptions {
  readonly posts: number;
  readonly json: boolean;
}

/**
 * Read `--posts N`, `--json` and `--help`. Prints the usage when help is asked for or an argument is wrong.
 * @returns the exit code when the benchmark must not run: 0 after `--help`, 2 when it was called wrongly
 */
export function readBenchOptions(argv: string[], usage: string, defaultPosts: number): BenchOptions | number {
  const options = {
    posts: { type: "string", default: String(defaultPosts) },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: argv, options });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const posts = Number(values.posts);
    if (Number.isInteger(posts) && posts > 0) return { posts, json: values.json };
    console.error(`--posts must be a positive integer, got ${values.posts}\n${usage}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
  }
  return 2;
}

/** Print a result: as JSON, or one figure a line, rounded to two decimals. */
export function printResult(result: Readonly<Record<string, number | string>>, json: boolean): void {
  if (json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(20)} ${rounded(value)}`);
}

function rounded(value: number | string): number | string {
  return typeof value === "number" ? Number(value.toFixed(2)) : value;
}
