import { parseArgs } from "node:util";

/** What a benchmark was called with. Prints the usage and ends the process for `--help` (0) and wrong arguments (2). */
export function readCommandLine(usage: string, defaultPosts: number): { posts: number; json: boolean } {
  const options = {
    posts: { type: "string", default: String(defaultPosts) },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const posts = Number(values.posts);
    if (Number.isInteger(posts) && posts > 0) return { posts, json: values.json };
    console.error(`--posts must be a whole number above 0, got ${values.posts}\n${usage}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
  }
  process.exit(2);
}

/** The address of the stack that an environment variable names. Ends the process with 2 when it is not set. */
export function stackUrl(variable: "NAMESIGHT_URL" | "FUNCTIONS_URL"): string {
  const url = process.env[variable];
  if (url) return url;
  console.error(`${variable} is not set: it names the running stack; npm run bench starts one.`);
  process.exit(2);
}
