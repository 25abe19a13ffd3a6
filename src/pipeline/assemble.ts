import { coarseTypeOf, type Labels } from "../../schemas/labels.ts";
import type { Entity, Region } from "../../schemas/recognize.ts";
import type { Verdict } from "./picture/judge.ts";
import type { LocatedBox } from "./picture/locate.ts";
import { type MaskPart, withoutMask } from "./picture/segment.ts";
import type { NamedEntity } from "./text/entities.ts";
import type { Expression } from "./text/expand.ts";
import type { Positions } from "./text/positions.ts";

/** What the stages found out about the entities, by their ids; masks by the boxes' ids. */
export interface Findings {
  readonly expressions: ReadonlyMap<string, Expression>;
  readonly verdictOf: (entityId: string) => Verdict;
  readonly boxes: readonly LocatedBox[];
  readonly masks: ReadonlyMap<string, MaskPart>;
}

/** The answer's entities, counted as the caller counts. */
export function assemble(
  entities: readonly NamedEntity[],
  findings: Findings,
  positions: Positions,
  labels: Labels,
): Entity[] {
  return entities.map(({ id, text, type, score, mentions }) => ({
    id,
    text,
    type,
    score,
    coarse_type: labels === "fine" ? coarseTypeOf(type) : null,
    mentions: mentions.map(({ start, end, score }) => ({ ...positions.of(start, end), score })),
    expression: findings.expressions.get(id) ?? null,
    ...findings.verdictOf(id),
    regions: findings.boxes
      .filter(({ entityId }) => entityId === id)
      .map((box) => region(box, findings.masks.get(box.id))),
  }));
}

function region({ id, box, score, method }: LocatedBox, mask: MaskPart = withoutMask("not_asked")): Region {
  return { id, box, score, method, ...mask };
}
