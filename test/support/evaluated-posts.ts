import fc from "fast-check";
import { PROTOCOLS } from "../../eval/scorers/protocols/index.ts";
import type { Protocol, Task } from "../../eval/scorers/protocols/protocol.ts";
import type { BoxCorners, EvaluatedEntity, EvaluatedPost } from "../../schemas/evaluation.ts";

/** An entity at a place: `entity("PER", 0, 2, [[0, 0, 10, 10]])`; its name says where it is. */
export function entity(
  type: string,
  start: number,
  end: number,
  boxes: BoxCorners[] = [],
  fields: Partial<EvaluatedEntity> = {},
): EvaluatedEntity {
  return { text: `name ${start} ${end}`, type, start, end, boxes, masks: [], ...fields };
}

export function post(...entities: EvaluatedEntity[]): EvaluatedPost {
  return { id: "1", offset_unit: "token", entities };
}

/** Boxes 10 high whose IoU is easily told: `strip(0, 10)` and `strip(0, 5)` have 0.5. */
export function strip(left: number, right: number): BoxCorners {
  return [left, 0, right, 10];
}

const box = fc
  .tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([x, y, width, height]): BoxCorners => [x, y, x + width, y + height]);

/** Boxes no two of which overlap: those of a gold entity. */
const apart = fc
  .array(fc.nat(4), { maxLength: 3 })
  .map((places) => [...new Set(places)].map((place): BoxCorners => [30 * place, 0, 30 * place + 20, 20]));

function postWith(boxes: fc.Arbitrary<BoxCorners[]>): fc.Arbitrary<EvaluatedPost> {
  const place = fc.record({
    type: fc.constantFrom("PER", "LOC", "ORG"),
    start: fc.nat(8),
    length: fc.integer({ min: 1, max: 2 }),
    boxes,
  });
  return fc
    .uniqueArray(place, { maxLength: 5, selector: ({ start, length }) => `${start} ${length}` })
    .map((places) => ({
      id: "1",
      offset_unit: "token" as const,
      entities: places.map((one) => entity(one.type, one.start, one.start + one.length, one.boxes)),
    }));
}

/** A post as gold has it: no span twice, and boxes that do not overlap. */
export const goldPost = postWith(apart);
/** A post as a system may answer it, with any boxes. */
export const predictedPost = postWith(fc.array(box, { maxLength: 3 }));

/** The protocol of a name. */
export const named = (name: string) => PROTOCOLS.find((one) => one.name === name) as Protocol;
/** The boxes among which the systems of h-index choose. */
const CANDIDATES = new Map([["1", [strip(0, 10), strip(0, 5), strip(100, 110)]]]);

/** `right/predicted/gold` of a task by a protocol. */
export function counts(name: string, task: Task, gold: EvaluatedPost, predicted: EvaluatedPost): string {
  const rows = named(name).count(gold, predicted, { task, maskIou: 0.5, candidates: CANDIDATES });
  return [rows.right, rows.predicted, rows.gold].map(({ length }) => length).join("/");
}
