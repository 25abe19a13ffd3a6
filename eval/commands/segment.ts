import { checkPaths } from "../files/check-paths.ts";
import { writeWhole } from "../files/write-whole.ts";
import { KINDS, readEvaluated } from "../readers/kinds/index.ts";
import {
  ASKING_OPTIONS,
  ASKING_USAGE,
  type AskedMasks,
  type Asking,
  askForMasks,
  askingOf,
  type World,
} from "../segment/asking.ts";
import { refuseBoxless } from "../segment/boxes.ts";
import { exitCode, segmentReport, segmentTable } from "../segment/segment-report.ts";
import { withMasks } from "../segment/with-masks.ts";
import { readCommandLine } from "./command-line.ts";

export const SEGMENT_USAGE = `usage: npm run eval -- segment --predictions FILE --images DIR --out FILE.jsonl [--endpoint URL] …

Ask POST /v1/segment for a mask of each box that a GMNER model has predicted, so that its predictions become SMNER. The
output has the format of docs/evaluation.md. The same command goes on where it was stopped.
Formats: ${KINDS.map(({ name }) => name).join(", ")}.

--predictions FILE    the predictions; --predictions-format NAME where the content does not tell the format
--boxes FILE          OFA's boxes for RiVEG's predictions
--out FILE.jsonl      where the predictions with masks go
${ASKING_USAGE}

Exits with 0 when every post with boxes was answered, with 1 when some were not or it was stopped, with 2 when it was
used wrongly.`;

/** @returns the exit code: 1 when a file cannot be read or a post was not answered, 2 when it was called wrongly */
export async function segmentPredictions(argv: string[], world?: World): Promise<number> {
  const names = ["predictions", "predictions-format", "boxes", ...ASKING_OPTIONS];
  const commandLine = readCommandLine(argv, SEGMENT_USAGE, 0, names);
  if (typeof commandLine === "number") return commandLine;
  const { predictions, "predictions-format": format, boxes } = commandLine.values;
  const asking = predictions ? askingOf(commandLine.values, process.env) : "--predictions FILE is required";
  if (!predictions || typeof asking === "string") {
    console.error(`${asking}\n\n${SEGMENT_USAGE}`);
    return 2;
  }
  try {
    checkPaths({ ...asking, inputs: [predictions, ...(boxes ? [boxes] : [])] });
    const file = await readEvaluated({ role: "predictions", file: predictions, ...(boxes && { boxes }) }, format);
    for (const note of file.notes) console.error(note);
    refuseBoxless(file.posts, predictions, file.missing.regions);
    const asked = await askForMasks(file.posts, asking, (masks) => writePosts(masks, asking), world);
    const report = segmentReport(asked);
    console.log(commandLine.json ? JSON.stringify(report, null, 2) : segmentTable(report));
    return exitCode(asked, report, asking.out);
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

function writePosts({ posts, byPost }: AskedMasks, { out }: Asking): void {
  const lines = posts.map((post) => JSON.stringify(withMasks(post, byPost.get(post.id))));
  writeWhole(out, lines.map((line) => `${line}\n`).join(""));
}
