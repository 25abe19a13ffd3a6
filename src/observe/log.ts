/** One structured line. What goes in is chosen by the caller: never a text, a picture, a token or a query string. */
export type Log = (line: { readonly event: string; readonly [field: string]: unknown }) => void;

export const consoleLog: Log = (line) => console.log(JSON.stringify(line));

/** What may be logged of an unknown error: its kind and where it arose. Its message may quote the post. */
export function describeError(error: unknown): { error: string; stack: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, stack: [] };
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return { error: error.name, stack: frames.map((frame) => frame.trim()) };
}
