import type { EvaluatedFile } from "../readers/evaluated-file.ts";
import { readEvaluated } from "../readers/kinds/index.ts";
import type { CommandLine } from "./command-line.ts";

/** The options that say where the regions of gold are. */
export const GOLD_FOLDERS = ["xml", "masks", "mask-fields"];

/**
 * Reads gold, with the folders that the command line names.
 *
 * @param format the kind's name; without one, the content decides
 * @throws an error that names the file when it cannot be read
 */
export function readGold(file: string, values: CommandLine["values"], format?: string): Promise<EvaluatedFile> {
  const { xml, masks, "mask-fields": maskFields } = values;
  const folders = { ...(xml && { xml }), ...(masks && { masks }), ...(maskFields && { maskFields }) };
  return readEvaluated({ role: "gold", file, ...folders }, format);
}
