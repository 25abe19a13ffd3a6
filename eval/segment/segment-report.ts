import { toUsd } from "../../schemas/money.ts";
import type { AskedMasks } from "./asking.ts";
import { boxesOf } from "./boxes.ts";

/** What `npm run eval -- segment --json` prints. */
export interface SegmentReport {
  readonly posts: number;
  readonly posts_with_boxes: number;
  /** Counted by entity. */
  readonly boxes: number;
  /** Boxes that were asked for: those that say the same count once. */
  readonly different_boxes: number;
  /** Boxes that have a mask, counted by entity. */
  readonly masks: number;
  /** Why the other boxes have none, counted by entity. */
  readonly without_mask: Readonly<Record<string, number>>;
  /** Posts that could not be asked or answered, in their order. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  readonly cost_usd: string;
}

/** Reasons of a mask that is missing because of the deployment, and not because of the picture or the box. */
const UNANSWERED = ["stage_failed", "over_budget"];

export function segmentReport({ posts, byPost, cost }: AskedMasks): SegmentReport {
  const without: Record<string, number> = {};
  const failed: Array<{ id: string; reason: string }> = [];
  const sums = { withBoxes: 0, boxes: 0, different: 0, masks: 0 };
  for (const post of posts) {
    const { asked, places } = boxesOf(post);
    if (asked.length === 0) continue;
    const { results = [], failure = null } = byPost.get(post.id) ?? {};
    sums.withBoxes++;
    sums.different += asked.length;
    for (const place of places.flat()) {
      const result = results[place];
      sums.boxes++;
      if (result && "mask" in result) sums.masks++;
      else if (result) without[result.reason] = (without[result.reason] ?? 0) + 1;
    }
    const lost = results.filter((result) => "reason" in result && UNANSWERED.includes(result.reason)).length;
    if (failure) failed.push({ id: post.id, reason: failure.text });
    else if (lost > 0) failed.push({ id: post.id, reason: `the models gave no answer for ${lost} of its boxes` });
  }
  return {
    posts: posts.length,
    posts_with_boxes: sums.withBoxes,
    boxes: sums.boxes,
    different_boxes: sums.different,
    masks: sums.masks,
    without_mask: Object.fromEntries(Object.entries(without).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    failed,
    cost_usd: toUsd(cost),
  };
}

/** Posts that are listed of many. */
const SHOWN = 20;

/** The report for a terminal. */
export function segmentTable(report: SegmentReport): string {
  const rows: Array<[string, number | string]> = [
    ["posts", report.posts],
    ["  with boxes", report.posts_with_boxes],
    ["boxes, counted by entity", report.boxes],
    ["  different ones", report.different_boxes],
    ["masks, counted by entity", report.masks],
    ...Object.entries(report.without_mask).map(([reason, count]): [string, number] => [`  none: ${reason}`, count]),
    ["posts that failed", report.failed.length],
    ["cost in USD", report.cost_usd],
  ];
  const lines = rows.map(([name, cell]) => name.padEnd(28) + cell.toLocaleString("en-US").padStart(12));
  const shown = report.failed.slice(0, SHOWN).map(({ id, reason }) => `  ${id}: ${reason}`);
  const more = report.failed.length - shown.length;
  return [...lines, ...shown, ...(more > 0 ? [`  and ${more} more (--json lists all)`] : [])].join("\n");
}

/** The exit code of a command that asked for masks. Says how to go on when it is not 0. */
export function exitCode({ isOverCost, byPost, cost }: AskedMasks, { failed }: SegmentReport, out: string): number {
  if (isOverCost && cost === 0) {
    console.error(`--max-cost 0 allows nothing: nothing was asked, and ${out} was not written.`);
  } else if (isOverCost) {
    const go = `What was answered is in ${out}.part: the same command with a larger --max-cost goes on.`;
    console.error(`The posts cost what --max-cost allows: nothing more was asked, and ${out} was not written. ${go}`);
  } else if (failed.length > 0) {
    const again = [...byPost.values()].filter(({ failure }) => failure !== null).length;
    const go = again > 0 ? ` The same command asks ${again} of them again, and no others.` : "";
    console.error(`${failed.length} posts have boxes that were not answered.${go}`);
  }
  return isOverCost || failed.length > 0 ? 1 : 0;
}
