import { STAGE_NAMES, STAGES, type StageName } from "../../schemas/stages/index.ts";
import { ADAPTERS } from "../../src/stages/index.ts";
import type { ModelCard, StageAdapter } from "../../src/stages/model.ts";
import { entriesOf } from "../../src/stages/served.ts";

/** One model file, as it is listed. */
export interface ListedModel extends Omit<ModelCard, "batch"> {
  readonly stage: StageName;
  /** The entries of the stage's chain that it serves: see `entriesOf`. */
  readonly entries: readonly string[];
  /** Entities or boxes that a call takes: `all`, or how many. */
  readonly batch: number | "all";
}

/** Every model file, in the order of the stages and of their indexes. */
export function listModels(): ListedModel[] {
  return STAGE_NAMES.flatMap((stage) => {
    const adapters: readonly StageAdapter<StageName>[] = ADAPTERS[stage] as never;
    return adapters.map(({ serves, card: { batch, ...card } }) => ({
      stage,
      entries: serves.flatMap(entriesOf),
      batch: Number.isFinite(batch) ? batch : ("all" as const),
      ...card,
    }));
  });
}

/** How many entities or boxes a call takes, in words; empty for a stage without them. */
export function batchOf({ stage, batch }: ListedModel): string {
  const noun = stage === "segmentation" ? "box" : "entity";
  if (STAGES[stage].lists === null) return "";
  return batch === 1 ? `one ${noun}` : `${batch} ${noun === "box" ? "boxes" : "entities"}`;
}

/** The maximum cost of a call, in words. */
export function maximumCostOf({ maximumCostUsd }: ListedModel): string {
  return maximumCostUsd === null ? "depends" : `USD ${maximumCostUsd}`;
}

/** For a terminal: a line of columns for each model, and the longer fields below it. */
export function formatList(models: readonly ListedModel[]): string {
  const heads = models.map((model) => [
    model.stage,
    batchOf(model) || "-",
    model.picture,
    maximumCostOf(model),
    model.entries.join("  "),
  ]);
  const table = [["STAGE", "A CALL TAKES", "PICTURE", "AT MOST", "ENTRY"], ...heads];
  const widths = table.reduce(
    (least, cells) => cells.map((cell, column) => Math.max(cell.length, least[column] ?? 0)),
    [] as number[],
  );
  const [titles, ...lines] = table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const blocks = models.map(({ title, price, returns, cannot }, index) =>
    [
      lines[index],
      `    model    ${title}`,
      `    price    ${price}`,
      `    returns  ${returns}`,
      `    cannot   ${cannot}`,
    ].join("\n"),
  );
  return `${titles}\n\n${blocks.join("\n\n")}\n\n${models.length} models\n`;
}

/** For docs/models.md: a table for each stage. */
export function formatMarkdown(models: readonly ListedModel[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const sections = STAGE_NAMES.map((stage) => {
    const rows = models
      .filter((model) => model.stage === stage)
      .map((model) =>
        [
          model.entries.map((entry) => `\`${entry}\``).join("<br>"),
          model.title,
          batchOf(model),
          model.picture,
          maximumCostOf(model),
          model.price,
          model.returns,
          model.cannot,
        ]
          .map(cell)
          .join(" | "),
      );
    return [
      `## ${stage}`,
      "",
      "| entry | model | a call takes | picture | a call costs at most | price | returns | cannot |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
      ...rows.map((row) => `| ${row} |`),
      "",
    ].join("\n");
  });
  return sections.join("\n");
}
