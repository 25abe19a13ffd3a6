import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Confirmation, confirm } from "../coco/confirmed.ts";
import { readCorrected } from "../coco/corrected-file.ts";
import { ID_IOU, OVERLAP_IOU } from "../coco/link.ts";
import { ProposalsFile } from "../coco/proposals.ts";
import { writeWhole } from "../files/write-whole.ts";
import { checked } from "../readers/checked.ts";
import { readCommandLine } from "./command-line.ts";

export const CONFIRM_USAGE = `usage: npm run eval -- confirm COCO.json --proposals FILE --out DIR [--allow-unlinked] [--json]

Read the masks that people have corrected in CVAT or Label Studio, and write them as Twitter-SMNER's JSON: one file a
picture, DIR/ID.json, which stats and score read with --masks DIR. COCO.json is the tool's export.

An annotation is linked to a proposal in the first of these ways that works:
- by the attribute link
- by its id, if the category is the same and the IoU with the proposal is ${ID_IOU} or more
- by its category and the highest IoU with a proposed mask or a gold box, if that is ${OVERLAP_IOU} or more, one to one
- as a part of a proposed mask that has several parts
If an annotation is linked to none, it is listed, and nothing is written.

--proposals FILE   COCO.json.proposals.json, which propose has written
--out DIR          where the files go
--allow-unlinked   leave annotations out that are of no proposal, and write the others`;

/** @returns the exit code: 1 when a file cannot be read or an annotation is of no proposal, 2 when called wrongly */
export async function confirmMasks(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, CONFIRM_USAGE, 1, ["proposals", "out"], { flags: ["allow-unlinked"] });
  if (typeof commandLine === "number") return commandLine;
  const { proposals, out } = commandLine.values;
  if (!proposals || !out) {
    console.error(`--proposals FILE and --out DIR are required\n\n${CONFIRM_USAGE}`);
    return 2;
  }
  try {
    const [file = ""] = commandLine.operands;
    const proposed = readJson(proposals, (value) => checked(ProposalsFile, value, "the file", NOT_PROPOSALS));
    const confirmation = readJson(file, (value) => confirm(readCorrected(value), proposed));
    const isWritten = confirmation.unlinked.length === 0 || commandLine.flags.has("allow-unlinked");
    if (isWritten) writeFiles(confirmation, out);
    const report = { ...countsOf(confirmation), unlinked: confirmation.unlinked, not_seen: confirmation.notSeen };
    console.log(commandLine.json ? JSON.stringify(report, null, 2) : table(report));
    for (const place of confirmation.unlinked) console.error(`${file}: ${place}`);
    if (!isWritten)
      console.error("Nothing was written: correct these annotations, or leave them out with --allow-unlinked");
    return isWritten ? 0 : 1;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

const NOT_PROPOSALS = "not as propose writes its proposals: ";

function readJson<T>(file: string, read: (value: unknown) => T): T {
  try {
    return read(JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, "")));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function writeFiles({ files }: Confirmation, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [id, file] of files) writeWhole(join(folder, `${basename(id)}.json`), `${JSON.stringify(file)}\n`);
}

function countsOf({ files, bareBoxes, joined }: Confirmation) {
  const all = [...files.values()];
  const shapes = all.flatMap((file) => file.shapes);
  const withStatus = (status: string) => shapes.filter((shape) => shape.status === status).length;
  const linkedBy = (by: string) => shapes.filter((shape) => shape.linked_by === by).length;
  return {
    pictures: files.size,
    masks: shapes.length,
    unchanged: withStatus("unchanged"),
    changed: withStatus("changed"),
    drawn: withStatus("drawn"),
    rejected: all.flatMap(({ rejected }) => rejected).length,
    without_mask: all.flatMap(({ without_mask }) => without_mask).length,
    linked_by_attributes: linkedBy("attributes"),
    linked_by_id: linkedBy("id"),
    linked_by_overlap: linkedBy("overlap") + linkedBy("part"),
    other_category: shapes.filter(({ category }) => category !== undefined).length,
    joined_parts: joined,
    boxes_left_out: bareBoxes,
  };
}

type Report = ReturnType<typeof countsOf> & {
  readonly unlinked: readonly string[];
  readonly not_seen: readonly string[];
};

function table({ unlinked, not_seen, ...counts }: Report): string {
  const rows = [
    ...Object.entries(counts),
    ["unlinked", unlinked.length],
    ["pictures not in the file", not_seen.length],
  ];
  return rows
    .map(([name, count]) => `${String(name).replaceAll("_", " ").padEnd(28)}${String(count).padStart(8)}`)
    .join("\n");
}
