import type { PictureReport } from "../readers/picture-check.ts";
import type { DataStatistics } from "../scorers/data-statistics.ts";

/** What `npm run eval -- stats --json` prints, by the file's name. */
export type StatisticsReport = Readonly<Record<string, DataStatistics & { readonly pictures: PictureReport | null }>>;

/** Ids that are listed of a long list. */
const SHOWN = 20;

/** The report for a terminal: a column a file. */
export function statisticsTable(report: StatisticsReport): string {
  const names = Object.keys(report);
  const columns = Object.values(report);
  const keysOf = (part: (file: DataStatistics) => Readonly<Record<string, number>> | null) => [
    ...new Set(columns.flatMap((file) => Object.keys(part(file) ?? {}))),
  ];
  const rows: Array<[string, Array<number | string | null | undefined>]> = [
    ["", names],
    ["format", columns.map(({ kind }) => kind)],
    ["posts", columns.map(({ posts }) => posts)],
    ["  without an entity", columns.map((file) => file.posts_without_entity)],
    ["entities", columns.map(({ entities }) => entities)],
    ...keysOf((file) => file.by_type).map(typeRow("by_type")),
    ["groundable", columns.map(({ groundable }) => groundable)],
    ...keysOf((file) => file.groundable_by_type).map(typeRow("groundable_by_type")),
    ["boxes, counted by entity", columns.map(({ boxes }) => boxes)],
    ...keysOf((file) => file.entities_by_boxes).map((count): (typeof rows)[number] => [
      `  entities with ${count}`,
      columns.map((file) => file.entities_by_boxes?.[count] ?? null),
    ]),
    ...keysOf(({ files }) => files).map((name): (typeof rows)[number] => [
      name.replaceAll("_", " "),
      columns.map(({ files }) => files[name]),
    ]),
  ];
  const lines = rows.map(([name, cells]) => name.padEnd(26) + cells.map((cell) => shown(cell).padStart(12)).join(""));
  return [...lines, ...names.flatMap((name) => pictureLines(name, report[name]?.pictures ?? null))].join("\n");

  function typeRow(field: "by_type" | "groundable_by_type") {
    return (type: string): (typeof rows)[number] => [
      `  ${type}`,
      columns.map((file) => (file[field] === null ? null : (file[field][type] ?? 0))),
    ];
  }
}

function shown(cell: number | string | null | undefined): string {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : (cell ?? "–");
}

function pictureLines(name: string, pictures: PictureReport | null): string[] {
  if (!pictures) return [];
  const { posts, missing, broken, repeated } = pictures;
  const again = repeated.flat().length;
  return [
    "",
    `pictures of ${name}: ${posts - missing.length} of ${posts} posts have one; ${broken.length} are broken; ` +
      `${again} posts share ${repeated.length} files`,
    ...(missing.length > 0 ? [`  missing: ${some(missing)}`] : []),
    ...(broken.length > 0 ? [`  broken: ${some(broken)}`] : []),
    ...repeated.slice(0, SHOWN).map((ids) => `  one file, ${ids.length} posts: ${some(ids)}`),
  ];
}

function some(ids: readonly string[]): string {
  const more = ids.length - SHOWN;
  return ids.slice(0, SHOWN).join(" ") + (more > 0 ? ` and ${more} more (--json lists all)` : "");
}
