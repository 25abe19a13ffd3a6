import type { StageEntity } from "../../schemas/primitives.ts";
import type { TextLine } from "../detect/text.ts";
import type { Pause } from "../queue.ts";
import { findPrinted, type PrintedName } from "./printed-name.ts";

/**
 * Where each entity's name is printed, best first; empty where it is not. Print that two names share goes to the longer
 * one.
 */
export async function printedEvidence(
  entities: readonly StageEntity[],
  lines: readonly TextLine[],
  pause: Pause,
): Promise<PrintedName[][]> {
  const candidates: Array<{ index: number; found: PrintedName }> = [];
  for (const [index, entity] of entities.entries()) {
    await pause();
    for (const found of findPrinted(writtenName(entity), lines)) candidates.push({ index, found });
  }
  candidates.sort((a, b) => length(b.found) - length(a.found) || b.found.score - a.found.score);
  const taken: PrintedName[] = [];
  const kept: PrintedName[][] = entities.map(() => []);
  for (const { index, found } of candidates) {
    if (taken.some((other) => other.line === found.line && other.start < found.end && found.start < other.end))
      continue;
    taken.push(found);
    kept[index]?.push(found);
  }
  return kept.map((names) => names.toSorted((a, b) => b.score - a.score));
}

/** The name; without one, the longest run of capitalised words in the expression, else the whole expression. */
function writtenName({ text, expression = "" }: StageEntity): string {
  if (text) return text;
  return (
    expression
      .match(/\p{Lu}[\p{L}\p{N}'-]*(\s+\p{Lu}[\p{L}\p{N}'-]*)*/gu)
      ?.toSorted((a, b) => b.length - a.length)[0] ?? expression
  );
}

function length({ start, end }: PrintedName): number {
  return end - start;
}
