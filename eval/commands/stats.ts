import { basename } from "node:path";
import { readEvaluated } from "../readers/kinds/index.ts";
import { checkPictures } from "../readers/picture-check.ts";
import { splitFiles } from "../readers/splits.ts";
import { type StatisticsReport, statisticsTable } from "../report/statistics-table.ts";
import { statisticsOf } from "../scorers/data-statistics.ts";
import { readCommandLine } from "./command-line.ts";

export const STATS_USAGE = `usage: npm run eval -- stats PATH [--images DIR] [--xml DIR] [--masks DIR] [--mask-fields FIELDS]
                              [--format NAME] [--json]

Count what a data set has: posts, entities by type, which of them are groundable, and their boxes.
PATH is a file of any format of docs/evaluation.md, or a folder with train.txt, dev.txt or valid.txt, and test.txt, or
with a folder txt that has them. No model and no stack is needed.

--images DIR   also list the posts whose picture (DIR/ID.jpg) is missing, broken, or the same as another post's
--xml DIR      the Pascal VOC files of Twitter-GMNER, where they are not in a folder xml beside the text
--masks DIR    the JSON files of Twitter-SMNER; --mask-fields says which of their fields holds what
--format NAME  the format, where the content does not tell it`;

/** @returns the exit code: 1 when a file cannot be read, 2 when the command was called wrongly */
export async function printStatistics(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, STATS_USAGE, 1, ["images", "xml", "masks", "mask-fields", "format"]);
  if (typeof commandLine === "number") return commandLine;
  const { images, xml, masks, "mask-fields": maskFields, format } = commandLine.values;
  const [path = ""] = commandLine.operands;
  const folders = { ...(xml && { xml }), ...(masks && { masks }), ...(maskFields && { maskFields }) };
  try {
    const report: Record<string, StatisticsReport[string]> = {};
    for (const file of splitFiles(path)) {
      const read = await readEvaluated({ role: "gold", file, ...folders }, format);
      const ids = read.posts.map(({ id }) => id);
      const pictures = images ? await checkPictures(images, ids) : null;
      report[basename(file)] = { ...statisticsOf(read), pictures };
    }
    console.log(commandLine.json ? JSON.stringify(report, null, 2) : statisticsTable(report));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}
