import { SET_NAMES, type SetName } from "../readers/example-sets.ts";
import type { SetReport, System, SystemScore } from "../scorers/examples-score.ts";
import type { Count } from "../scorers/link-score.ts";
import type { MaskAgreement, MaskScore } from "../scorers/mask-score.ts";

const TITLES: Readonly<Record<SetName, string>> = {
  photos: "photos of examples/",
  open: "composed pictures, open half",
  blind: "composed pictures, blind half",
};

const SYSTEMS: ReadonlyArray<readonly [System, string]> = [
  ["ours", "ours"],
  ["before", "before"],
  ["always_no", "always no"],
  ["largest_first", "largest first"],
];

/** The report of the sets as tables for a terminal; a set that is null says that its file is missing. */
export function examplesTable(reports: Readonly<Partial<Record<SetName, SetReport | null>>>): string {
  const parts = SET_NAMES.flatMap((name) => {
    const report = reports[name];
    if (report === undefined) return [];
    return [[`== ${TITLES[name]} ==`, ...(report ? setLines(report) : ["not there: the file is missing"])].join("\n")];
  });
  return `${parts.join("\n\n")}\n\nHow to read it: eval/data/README.md, "Reading the report".`;
}

function setLines({ posts, systems }: SetReport): string[] {
  const present = SYSTEMS.flatMap(([system, name]) => {
    const score = systems[system];
    return score ? [{ name, score }] : [];
  });
  const rows = (cells: (score: SystemScore) => ReadonlyArray<string>, widths: readonly number[]) =>
    present.map(({ name, score }) => row(name, cells(score), widths));
  const total = present[0]?.score.visibility.entities ?? 0;
  return [
    `${posts} posts, ${total} gold entities`,
    "",
    row(
      "visible",
      ["found", "spurious", "P", "R", "F1", "Brier", "right box", "rightly none", "right answers"],
      VISIBLE,
    ),
    ...rows(visibleCells, VISIBLE),
    "",
    row("no", ["right no", "wrong no", "cannot tell: visible", "hidden"], NOES),
    ...rows(({ visibility: { noes } }) => Object.values(noes).map(String), NOES),
    "",
    row("right link", ["decided", "undecided", "by basis"], LINKS),
    ...rows(linkCells, LINKS),
    "",
    "probability of visible, in five bins: count, mean, share visible",
    ...present.flatMap(({ name, score }) => (score.masks ? [row(name, binCells(score), BINS)] : [])),
    ...present.flatMap(({ name, score }) => (score.masks ? ["", ...maskLines(name, score.masks)] : [])),
  ];
}

const VISIBLE = [7, 9, 7, 7, 7, 7, 11, 14, 15];
const NOES = [10, 10, 22, 8];
const LINKS = [10, 11, 2];
const BINS = [17, 17, 17, 17, 17];

function row(name: string, cells: readonly string[], widths: readonly number[]): string {
  return [name.padEnd(14), ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0))].join(" ");
}

function visibleCells({ found, spurious, visibility: score, probability }: SystemScore): string[] {
  return [
    String(found),
    String(spurious),
    ...[score.precision, score.recall, score.f1].map((value) => (100 * value).toFixed(1)),
    fixed(probability.brier),
    `${score.right_boxes}/${score.visible}`,
    `${score.rightly_none}/${score.invisible}`,
    `${score.right_answers}/${score.entities}`,
  ];
}

function linkCells({ links }: SystemScore): string[] {
  const bases = Object.entries(links.by_basis).map(([basis, count]) => `${basis} ${share(count)}`);
  return [share(links.decided), share(links.undecided), bases.join(", ") || "-"];
}

function binCells({ probability }: SystemScore): string[] {
  return probability.bins.map(({ count, mean, visible }) => `${count}: ${fixed(mean, 2)} ${fixed(visible, 2)}`);
}

function maskLines(name: string, masks: MaskScore): string[] {
  const { things, overlapping, prints, shared, rank, named } = masks;
  return [
    `masks, ${name}`,
    agreementLine("things", things),
    agreementLine("overlapping", overlapping),
    agreementLine("prints", prints),
    `  shared pixels: ${shared.shared} of ${shared.union}; mean ${percent(shared.mean)} over the ${shared.posts} posts ` +
      "with two masks or more",
    `  rank correlation of mask_score with IoU: ${fixed(rank.correlation)} (n = ${rank.masks})`,
    ...named.map(
      ({ mask, iou, posts, answered }) =>
        `  ${mask}: IoU ${fixed(iou)}, mean over the ${answered} of ${posts} posts that led to a mask`,
    ),
  ];
}

function agreementLine(name: string, { gold, answered, iou, placed, placed_iou }: MaskAgreement): string {
  return (
    `  ${name.padEnd(12)} IoU with the entity's own ${fixed(iou)} (n = ${gold}, ${answered} with a mask); ` +
    `with the thing that the box is on ${fixed(placed_iou)} (n = ${placed})`
  );
}

function share({ right, total }: Count): string {
  return total > 0 ? `${right}/${total}` : "-";
}

function fixed(value: number | null, digits = 3): string {
  return value?.toFixed(digits) ?? "-";
}

function percent(value: number | null): string {
  return value === null ? "-" : `${(100 * value).toFixed(2)} %`;
}
