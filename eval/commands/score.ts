import { writeFile } from "node:fs/promises";
import { readCandidates } from "../readers/candidates.ts";
import type { EvaluatedFile } from "../readers/evaluated-file.ts";
import { KINDS, readEvaluated } from "../readers/kinds/index.ts";
import { scoreTable } from "../report/score-table.ts";
import { withTypes } from "../scorers/label-sets.ts";
import { pairPosts } from "../scorers/pair-posts.ts";
import { PROTOCOLS } from "../scorers/protocols/index.ts";
import type { Protocol } from "../scorers/protocols/protocol.ts";
import { type ScoreRequest, scoreSeries, tasksNamed } from "../scorers/score-pairs.ts";
import { type Scored, scoreReport } from "../scorers/score-report.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import { readGold } from "./gold-file.ts";

export const SCORE_USAGE = `usage: npm run eval -- score --gold FILE --predictions FILE [--task mner|eeg|gmner|smner]
                              [--protocol NAME|all] [--compare FILE] [--html FILE --images DIR] [--json] …

Score predictions against gold by every published protocol, side by side (docs/evaluation.md). No stack is needed.
Protocols: ${PROTOCOLS.map(({ name }) => name).join(", ")}.
Formats: ${KINDS.map(({ name }) => name).join(", ")}.

--gold-format NAME, --predictions-format NAME, --compare-format NAME
                    the format, where the content does not tell it
--xml DIR           gold's Pascal VOC files, where they are not in a folder xml beside it
--masks DIR         gold's masks (Twitter-SMNER); --mask-fields objects=PATH,name=PATH,… says which field holds what
--boxes FILE        OFA's boxes for RiVEG's predictions; --compare-boxes FILE for those of --compare
--candidates FILE   the boxes among which the system chose, for h-index: JSON lines {"id", "boxes"}
--types coarse|gmner  reduce the types of all files to FMNERG's 8 coarse or to the 4 of Twitter-GMNER
--mask-iou NUMBER   a mask is right above this IoU (0.5)
--resamples N       resamples for intervals, and trials for --compare (1000); 0 leaves the intervals out
--compare FILE      a second system on the same posts, with a paired test
--html FILE         write a page with the scores and the posts that cost most, drawn on DIR/ID.jpg where there is one`;

const OPTIONS = [
  ...["gold", "predictions", "task", "protocol", "compare", "html", "images", "gold-format", "predictions-format"],
  ...["compare-format", "xml", "masks", "mask-fields", "boxes", "compare-boxes", "candidates", "types", "mask-iou"],
  "resamples",
];
const RESAMPLES = 1_000;

type Values = CommandLine["values"];

/** @returns the exit code: 1 when a file cannot be read or compared, 2 when the command was called wrongly */
export async function scoreFiles(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, SCORE_USAGE, 0, OPTIONS);
  if (typeof commandLine === "number") return commandLine;
  const { values, json } = commandLine;
  const settings = settingsOf(values);
  if (typeof settings === "string") {
    console.error(`${settings}\n\n${SCORE_USAGE}`);
    return 2;
  }
  try {
    const gold = withTypes(await readGold(values.gold ?? "", values, values["gold-format"]), values.types);
    const candidates = values.candidates ? await readCandidates(values.candidates) : null;
    const scored = (predictions: EvaluatedFile): Scored => {
      const { protocols, tasks, maskIou } = settings;
      const pairing = pairPosts(gold, predictions);
      const request: ScoreRequest = { gold, predictions, pairing, protocols, tasks, options: { maskIou, candidates } };
      return { request, series: scoreSeries(request) };
    };
    const first = scored(await readPredictions(values, ""));
    const second = values.compare ? scored(await readPredictions(values, "compare")) : null;
    const report = scoreReport(first, second, settings.resamples);
    if (values.html) {
      // The page alone needs the library that reads pictures.
      const { scorePage } = await import("../report/score-page.ts");
      await writeFile(values.html, await scorePage(report, first, values.images ?? null));
    }
    console.log(json ? JSON.stringify(report, null, 2) : scoreTable(report));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

interface Settings {
  readonly protocols: readonly Protocol[];
  readonly tasks: ScoreRequest["tasks"];
  readonly maskIou: number;
  readonly resamples: number;
}

/** What the options say, or what is wrong with them. */
function settingsOf(values: Values): Settings | string {
  const { gold, predictions, protocol = "all" } = values;
  if (!gold || !predictions) return "--gold FILE and --predictions FILE are required";
  const protocols = PROTOCOLS.filter(({ name }) => protocol === "all" || name === protocol);
  if (protocols.length === 0)
    return `there is no protocol ${protocol}; there are all, ${PROTOCOLS.map(({ name }) => name).join(", ")}`;
  const [maskIou, resamples] = [Number(values["mask-iou"] ?? 0.5), Number(values.resamples ?? RESAMPLES)];
  if (!(maskIou >= 0 && maskIou < 1)) return `--mask-iou is a number from 0 to below 1, not ${values["mask-iou"]}`;
  if (!Number.isInteger(resamples) || resamples < 0) return `--resamples is a whole number, not ${values.resamples}`;
  try {
    return { protocols, tasks: tasksNamed(values.task), maskIou, resamples };
  } catch (error) {
    return (error as Error).message;
  }
}

async function readPredictions(values: Values, which: "" | "compare"): Promise<EvaluatedFile> {
  const name = which || "predictions";
  const boxes = which ? values["compare-boxes"] : values.boxes;
  const options = { role: "predictions", file: values[name] ?? "", ...(boxes && { boxes }) } as const;
  return withTypes(await readEvaluated(options, values[`${name}-format`]), values.types);
}
