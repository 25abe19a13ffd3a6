import { faultOfJson } from "./recognize-json.ts";
import { readText } from "./text-file.ts";

/** A kind of file that is known by its content. */
export interface RecognizedKind<Content> {
  /** A short description of the file's form. The error for an unknown file lists it. */
  readonly form: string;
  /** Whether a text is of this kind. */
  recognizes(text: string): boolean;
  /** Reads it. Throws an error that names the line when the text is malformed. */
  read(text: string): Content;
}

/**
 * Reads a file of one of several kinds: the first that recognizes the text. Throws an error that names the file when it
 * cannot be read, is of no kind, or is malformed.
 */
export async function readRecognized<Content>(
  file: string,
  kinds: ReadonlyArray<RecognizedKind<Content>>,
): Promise<Content> {
  try {
    const text = await readText(file);
    const kind = kinds.find((one) => one.recognizes(text));
    if (kind) return kind.read(text);
    throw unknownKind(
      text,
      kinds.map(({ form }) => form),
    );
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** The error for a text that is of no known kind: what it begins with, and what the kinds look like. */
export function unknownKind(text: string, forms: readonly string[]): Error {
  const found = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 2);
  const shown = found.map((line) => JSON.stringify(line.slice(0, 120))).join(" and ") || "nothing";
  const listed = forms.map((form) => `  ${form}`).join("\n");
  const fault = faultOfJson(text);
  const noJson = fault === null ? "" : `, and it is no JSON: ${fault}`;
  return new Error(`the kind of file is not recognized${noJson}. It begins with ${shown}. The kinds are:\n${listed}`);
}
