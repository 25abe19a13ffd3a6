import { basename } from "node:path";
import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { COCO_FORMS, type CocoForm, cocoOf, notesOf } from "../coco/coco-file.ts";
import { type ProposalsFile, proposalsOf } from "../coco/proposals.ts";
import { checkPaths } from "../files/check-paths.ts";
import { writeWhole } from "../files/write-whole.ts";
import { ofPost } from "../readers/evaluated-file.ts";
import { refuseRepeated } from "../readers/kinds/post-lines.ts";
import { picturesOf } from "../readers/picture-check.ts";
import { splitFilesOf } from "../readers/split-files.ts";
import { ASKING_OPTIONS, ASKING_USAGE, askForMasks, askingOf, type World } from "../segment/asking.ts";
import { refuseBoxless } from "../segment/boxes.ts";
import { exitCode, segmentReport, segmentTable } from "../segment/segment-report.ts";
import { readCommandLine } from "./command-line.ts";
import { GOLD_FOLDERS, readGold } from "./gold-file.ts";

export const PROPOSE_USAGE = `usage: npm run eval -- propose PATH --images DIR --out COCO.json [--split NAME] …

Propose a mask for each gold box of a data set, for people to correct in CVAT or Label Studio. PATH is a file, or a
folder with the splits. Beside COCO.json, COCO.json.proposals.json says what was proposed for which entity: confirm
reads it. The same command goes on where it was stopped.

--out COCO.json       where the COCO file goes
--split NAME          one split of the folder: train, dev, valid or test
--form polygon|rle    how masks are written (polygon). CVAT reads both, and has a brush for rle; Label Studio reads
                      polygons alone
--xml DIR             the Pascal VOC files, where they are not in a folder xml beside the text
--format NAME         the format, where the content does not tell it
${ASKING_USAGE}

Exits with 0 when every post with boxes was answered, with 1 when some were not or it was stopped, with 2 when it was
used wrongly.`;

const OPTIONS = ["split", "form", "format", ...GOLD_FOLDERS, ...ASKING_OPTIONS];

/** @returns the exit code: 1 when a file cannot be read or a post was not answered, 2 when it was called wrongly */
export async function proposeMasks(argv: string[], world?: World): Promise<number> {
  const commandLine = readCommandLine(argv, PROPOSE_USAGE, 1, OPTIONS);
  if (typeof commandLine === "number") return commandLine;
  const { values, operands, json } = commandLine;
  const asking = askingOf(values, process.env);
  const form = COCO_FORMS.find((name) => name === (values.form ?? "polygon"));
  if (typeof asking === "string" || !form) {
    console.error(`${form ? asking : `--form is polygon or rle, not ${values.form}`}\n\n${PROPOSE_USAGE}`);
    return 2;
  }
  try {
    const [path = ""] = operands;
    const files = splitFilesNamed(path, values.split);
    checkPaths({ ...asking, inputs: files });
    const posts = await readSplits(path, files, values);
    const pictures = await picturesOf(asking.images);
    const fileName = (id: string) => basename(ofPost(pictures, id) ?? "");
    let notes: string[] = [];
    const asked = await askForMasks(
      posts,
      asking,
      (masks) => {
        notes = write(proposalsOf(masks.posts, masks.byPost, fileName), form, asking.out);
      },
      world,
    );
    const report = segmentReport(asked);
    console.log(json ? JSON.stringify({ ...report, notes }, null, 2) : [segmentTable(report), ...notes].join("\n"));
    return exitCode(asked, report, asking.out);
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

/** @returns the notes about the file */
function write(proposals: ProposalsFile, form: CocoForm, out: string): string[] {
  const coco = cocoOf(proposals, form);
  writeWhole(`${out}.proposals.json`, `${JSON.stringify(proposals)}\n`);
  writeWhole(out, `${JSON.stringify(coco)}\n`);
  return notesOf(coco, proposals, form);
}

function splitFilesNamed(path: string, split: string | undefined): string[] {
  const all = splitFilesOf(path);
  const files = all.filter((file) => split === undefined || basename(file) === `${split}.txt`);
  if (files.length > 0) return files;
  throw new Error(`${path} has no split ${split}; it has ${all.map((file) => basename(file)).join(", ")}`);
}

async function readSplits(
  path: string,
  files: readonly string[],
  values: Readonly<Record<string, string>>,
): Promise<EvaluatedPost[]> {
  const posts: EvaluatedPost[] = [];
  let missing: string | undefined;
  for (const file of files) {
    const read = await readGold(file, values, values.format);
    for (const note of read.notes) console.error(`${file}: ${note}`);
    posts.push(...read.posts);
    missing = read.missing.regions ?? missing;
  }
  try {
    refuseRepeated(posts);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
  refuseBoxless(posts, path, missing);
  return posts;
}
