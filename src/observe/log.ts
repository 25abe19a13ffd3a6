/** Writes one structured line. Callers log no text or picture of a post, no token and no query string. */
export type Log = (line: { readonly event: string; readonly [field: string]: unknown }) => void;

/** Writes lines as JSON to the console, where the platform collects them. */
export const consoleLog: Log = (line) => console.log(JSON.stringify(line));

/**
 * The fields to log for an error: its name and its stack frames. Its message is left out, because it may quote the
 * post.
 */
export function describeError(error: unknown): { error: string; stack: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  // A message may have lines that look like frames.
  const frames = (error.stack ?? "")
    .replace(error.message, () => "")
    .split("\n")
    .filter((line) => line.startsWith("    at "));
  return { error: error.name, stack: frames.map((frame) => frame.trim()) };
}
