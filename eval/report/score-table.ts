import { NONE } from "../scorers/confusion.ts";
import type { Coverage } from "../scorers/pair-posts.ts";
import type { Rate } from "../scorers/rates.ts";
import type { Ratios } from "../scorers/ratios.ts";
import type { ScoreReport } from "../scorers/score-report.ts";

/** Width of the first column, and of each column of numbers. */
const [NAME, CELL] = [28, 10];
/** Ids that are named of a long list. */
const SHOWN = 5;

/** The report for a terminal. Scores are in percent. */
export function scoreTable(report: ScoreReport): string {
  return [
    `gold ${sizeOf(report.gold)}; predictions ${sizeOf(report.predictions)}`,
    coverageLine(report.coverage),
    ...report.notes.map((note) => `note: ${note}`),
    "",
    ...scoreLines(report),
    ...comparisonLines(report),
    "",
    ...typeLines(report),
    "",
    ...confusionLines(report),
    "",
    ...budgetLines(report),
    `grounded although absent: ${rateText(report.rates.grounded_although_absent)}`,
    `named although only in the picture: ${rateText(report.rates.named_although_only_in_picture)}`,
  ].join("\n");
}

function sizeOf({ format, posts, entities }: ScoreReport["gold"]): string {
  return `${posts} posts, ${entities} entities (${format})`;
}

function coverageLine({ posts, answered, failed, missing, not_in_gold }: Coverage): string {
  const some = (name: string, ids: readonly string[]) => {
    const more = ids.length > SHOWN ? ", …" : "";
    return ids.length > 0 ? [`${ids.length} ${name} (${ids.slice(0, SHOWN).join(", ")}${more})`] : [];
  };
  const lacks = [...some("failed", failed), ...some("missing", missing), ...some("not in gold", not_in_gold)];
  return [`answered: ${answered} of ${posts} posts`, ...lacks].join("; ");
}

function scoreLines({ protocols, intervals, reasons }: ScoreReport): string[] {
  const lines = [row("percent", ["P", "R", "F1", "95 %", "", "right", "predicted", "gold"])];
  for (const [protocol, tasks] of Object.entries(protocols)) {
    for (const [task, scores] of Object.entries(tasks)) {
      const name = `${protocol} ${task}`;
      const reason = reasons[protocol]?.[task as keyof typeof tasks];
      if (!scores) {
        lines.push(`${name.padEnd(NAME)}  – ${reason}`);
        continue;
      }
      const interval = intervals[protocol]?.[task as keyof typeof tasks];
      const range = interval ? [percent(interval.low), percent(interval.high)] : ["", ""];
      const counts = [scores.right, scores.predicted, scores.gold].map(String);
      const iou = scores.mean_iou == null ? "" : `  mean IoU ${percent(scores.mean_iou)}`;
      lines.push(row(name, [...ratioCells(scores), ...range, ...counts]) + iou + (reason ? `  (${reason})` : ""));
    }
  }
  return lines;
}

function comparisonLines({ comparison, protocols }: ScoreReport): string[] {
  if (!comparison) return [];
  const lines = [
    "",
    coverageLine(comparison.coverage),
    row("compared, F1 in percent", ["first", "second", "less", "p"]),
  ];
  for (const [protocol, tasks] of Object.entries(comparison.differences)) {
    for (const [task, result] of Object.entries(tasks)) {
      const f1Of = (scores: ScoreReport["protocols"]) => scores[protocol]?.[task as keyof typeof tasks]?.f1 ?? null;
      const cells = [f1Of(protocols), f1Of(comparison.protocols), result?.difference ?? null].map(percent);
      lines.push(row(`${protocol} ${task}`, [...cells, result?.p?.toFixed(3) ?? "–"]));
    }
  }
  return lines;
}

/** Each task by the first protocol that has it; the JSON has all. */
function typeLines({ by_type }: ScoreReport): string[] {
  const lines = [row("by type, percent", ["P", "R", "F1", "right", "predicted", "gold"])];
  const seen = new Set<string>();
  for (const [protocol, tasks] of Object.entries(by_type)) {
    for (const [task, types] of Object.entries(tasks).filter(([name]) => !seen.has(name))) {
      seen.add(task);
      lines.push(`${protocol} ${task}`);
      for (const [type, scores] of Object.entries(types)) {
        const counts = [scores.right, scores.predicted, scores.gold].map(String);
        lines.push(row(`  ${type}`, [...ratioCells(scores), ...counts]));
      }
    }
  }
  return lines;
}

function confusionLines({ confusion }: ScoreReport): string[] {
  const names = new Set([
    ...Object.keys(confusion),
    ...Object.values(confusion).flatMap((cells) => Object.keys(cells)),
  ]);
  names.delete(NONE);
  const types = [...names].toSorted();
  if (types.length === 0) return ["confusion: no entity"];
  const rowOf = (type: string) =>
    row(
      `  ${type}`,
      [...types, NONE].map((other) => String(confusion[type]?.[other] ?? 0)),
    );
  return [row("gold, by predicted type", [...types, NONE]), ...[...types, NONE].map(rowOf)];
}

function budgetLines({ error_budget }: ScoreReport): string[] {
  return error_budget.flatMap(({ protocol, task, rows, costs }) => [
    `error budget by ${protocol} ${task}, F1 in percent`,
    ...rows.map(({ oracle, f1 }) =>
      row(oracle === "none" ? "  as predicted" : `  with perfect ${oracle}`, [
        percent(f1),
        oracle === "none" ? "" : `+${percent(costs[oracle] ?? null)}`,
      ]),
    ),
  ]);
}

function rateText(rate: Rate): string {
  return rate.rate === null ? `– ${rate.reason}` : `${percent(rate.rate)} % (${rate.count} of ${rate.of} entities)`;
}

function ratioCells({ precision, recall, f1 }: Ratios): string[] {
  return [precision, recall, f1].map(percent);
}

function percent(value: number | null): string {
  return value === null ? "–" : (100 * value).toFixed(2);
}

function row(name: string, cells: readonly string[]): string {
  return (name.padEnd(NAME) + cells.map((cell) => cell.padStart(CELL)).join("")).trimEnd();
}
