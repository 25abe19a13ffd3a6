import { readFile } from "node:fs/promises";
import type { EvaluatedFile, Kind, ReadOptions } from "../evaluated-file.ts";
import { unknownKind } from "../recognized-file.ts";
import { ANSWERS } from "./answers.ts";
import { CONLL, FMNERG, GMNER } from "./conll.ts";
import { POST_LINES } from "./post-lines.ts";
import { RIVEG_GOLD, RIVEG_PREDICTIONS } from "./riveg.ts";
import { SMNER } from "./smner.ts";
import { UNCO } from "./unco.ts";

/** Every kind of file, in the order in which a file is recognized: the first that does decides. */
export const KINDS: readonly Kind[] = [
  POST_LINES,
  ANSWERS,
  UNCO,
  RIVEG_GOLD,
  RIVEG_PREDICTIONS,
  SMNER,
  FMNERG,
  GMNER,
  CONLL,
];

/**
 * Reads gold or predictions of any kind.
 *
 * @param format the kind's name; without one, the content decides
 * @throws with the file's name, and with what was found where no kind is recognized
 */
export async function readEvaluated(options: ReadOptions, format?: string): Promise<EvaluatedFile> {
  try {
    const text = (await readFile(options.file, "utf8")).replace(/^\ufeff/, "");
    return await kindOf(text, options, format).read(text, options);
  } catch (error) {
    throw new Error(`${options.file}: ${(error as Error).message}`);
  }
}

function kindOf(text: string, options: ReadOptions, format: string | undefined): Kind {
  const kind = KINDS.find((one) => (format === undefined ? one.recognizes(text, options) : one.name === format));
  if (kind) return kind;
  const forms = KINDS.map(({ name, form }) => `${name.padEnd(18)} ${form}`);
  if (format === undefined) throw unknownKind(text, forms);
  throw new Error(`there is no format ${format}. There are:\n${forms.map((form) => `  ${form}`).join("\n")}`);
}
