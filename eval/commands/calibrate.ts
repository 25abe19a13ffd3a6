import { writeFile } from "node:fs/promises";
import type { EvaluatedFile } from "../readers/evaluated-file.ts";
import { readJudgements } from "../readers/judgements.ts";
import { isRequestId } from "../readers/kinds/answers.ts";
import { readEvaluated } from "../readers/kinds/index.ts";
import { reliabilityCurve } from "../report/reliability-curve.ts";
import { type CalibrationReport, calibrationReport, judgedSamples } from "../scorers/calibration.ts";
import { pairPosts } from "../scorers/pair-posts.ts";
import { faultOfWritten, readCommandLine } from "./command-line.ts";
import { GOLD_FOLDERS, readGold } from "./gold-file.ts";

export const CALIBRATE_USAGE = `usage: npm run eval -- calibrate --gold FILE --answers FILE --entry ENTRY#PROMPT
                              [--svg FILE] [--json] [--gold-format NAME]
                              [--xml DIR] [--masks DIR] [--mask-fields FIELDS]

Fit Platt's constants for the probabilities of an entailment model, and print the line CALIBRATION for wrangler.toml.
The answers are those of the API that "npm run eval -- run" keeps in OUT.jsonl.answers, or the results of a batch. An
entity of gold is visible when it has a box or a mask. No stack is needed.

--entry ENTRY#PROMPT  the model as ENTAILMENT names it, and the version of its prompt: docs/models.md has it
--svg FILE            writes the reliability curve before and after`;

const OPTIONS = ["gold", "answers", "entry", "svg", "gold-format", ...GOLD_FOLDERS];
/** Fewer samples give constants that another sample would not. */
const FEW_SAMPLES = 100;

/** @returns the exit code: 1 when nothing can be fitted, 2 when the command was called wrongly */
export async function calibrateModel(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, CALIBRATE_USAGE, 0, OPTIONS);
  if (typeof commandLine === "number") return commandLine;
  const { gold: goldFile, answers, entry, svg, "gold-format": format } = commandLine.values;
  if (!goldFile || !answers || !/^[^#\s]+#[^#\s]+$/.test(entry ?? "")) {
    console.error(`--gold FILE, --answers FILE and --entry ENTRY#PROMPT are required\n\n${CALIBRATE_USAGE}`);
    return 2;
  }
  const fault = faultOfWritten([svg], [goldFile, answers]);
  if (fault !== null) {
    console.error(`${fault}\n\n${CALIBRATE_USAGE}`);
    return 2;
  }
  try {
    const gold = await readGold(goldFile, commandLine.values, format);
    if (gold.missing.regions) throw new Error(`${goldFile}: ${gold.missing.regions}`);
    const predictions = await readEvaluated({ role: "predictions", file: answers }, "answers");
    const judgements = await readJudgements(answers);
    const ids = idsOf(gold, predictions);
    const judged = new Map(judgements.map((post, index) => [ids[index] ?? "", post]));
    const report = calibrationReport(judgedSamples(pairPosts(gold, predictions), judged));
    if (svg) await writeFile(svg, reliabilityCurve(report));
    const line = variableOf(entry ?? "", report);
    console.log(commandLine.json ? JSON.stringify({ ...report, variable: line }, null, 2) : textOf(report, line));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

/** The ids under which the answers are paired: those of gold, in its order, where answers have the ids of requests. */
function idsOf(gold: EvaluatedFile, { posts }: EvaluatedFile): string[] {
  const isByOrder = posts.every(({ id }) => isRequestId(id));
  return (isByOrder ? gold.posts : posts).map(({ id }) => id);
}

/** The line of wrangler.toml; null where a higher score does not mean that an entity is more often visible. */
function variableOf(entry: string, { constants: { slope, intercept } }: CalibrationReport): string | null {
  if (slope <= 0) return null;
  const rounded = { slope: Number(slope.toPrecision(6)), intercept: Number(intercept.toPrecision(6)) };
  return `CALIBRATION = '${JSON.stringify({ [entry]: rounded })}'`;
}

function textOf(report: CalibrationReport, line: string | null): string {
  const { samples, visible, without_score, not_in_gold, model, constants, before, after } = report;
  const shown = (value: number | null | undefined) => value?.toFixed(4) ?? "not computed";
  const lines = [
    `${samples} entities of gold have a probability; the picture shows ${visible} of them.`,
    `${without_score} have none, and ${not_in_gold} predicted entities are not in gold: both are left out.`,
    `${model ?? "A model that the answers do not name"} judged them. --entry must be this model's.`,
    "",
    `          before   after, on posts that were not fitted`,
    `ECE       ${shown(before.ece)}   ${shown(after?.ece)}`,
    `Brier     ${shown(before.brier)}   ${shown(after?.brier)}`,
    "",
  ];
  if (samples < FEW_SAMPLES)
    lines.push(`${samples} samples are few: others would give other constants. Use ${FEW_SAMPLES} or more.`, "");
  if (line) return [...lines, line].join("\n");
  const reason =
    constants.slope === 0
      ? "All scores are equal, so that no slope can be fitted."
      : `The slope is ${constants.slope.toPrecision(4)}: a higher score does not mean visible here.`;
  return [...lines, `${reason} There is no CALIBRATION to set.`].join("\n");
}
