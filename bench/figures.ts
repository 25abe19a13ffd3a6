/** What a figure should be. */
export type Goal = { readonly most: number } | { readonly least: number };

/** One measured figure. */
export interface Figure {
  /** The benchmark, and what was measured, in words: together they name the figure. */
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** What it was computed from, for people. */
  readonly detail?: string;
}

/** Whether a figure is as it should be; null where it has no goal. */
export function isMet({ value, goal }: Figure): boolean | null {
  if (!goal) return null;
  return "most" in goal ? value <= goal.most : value >= goal.least;
}

/** The figures as a Markdown table. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { bench, name, unit, detail = "" } = figure;
    const met = isMet(figure);
    return [
      bench,
      name,
      `${shown(figure.value)} ${unit}`.trim(),
      goalOf(figure),
      met === null ? "" : met ? "yes" : "no",
      detail,
    ];
  });
  const head = ["bench", "figure", "value", "goal", "met", "from"];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function goalOf({ goal }: Figure): string {
  if (!goal) return "";
  return "most" in goal ? `≤ ${shown(goal.most)}` : `≥ ${shown(goal.least)}`;
}

/** A number with three significant digits, all digits before the point, and at most three behind it. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))));
  return value.toFixed(Math.min(3, digits));
}
