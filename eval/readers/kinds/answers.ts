import * as z from "zod/mini";
import { cutText } from "../../../schemas/cut-text.ts";
import type { EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { rleOf } from "../../../schemas/polygon.ts";
import { PositionEncoding } from "../../../schemas/primitives.ts";
import { Entity, Region } from "../../../schemas/recognize.ts";
import { checked } from "../checked.ts";
import type { Kind } from "../evaluated-file.ts";
import { allObjects, firstObject } from "../recognize-json.ts";
import { refuseRepeated } from "./post-lines.ts";

/** The part of an answer that is scored; the rest may be left out. */
const Answer = z.object({
  id: z.string(),
  offset_encoding: z._default(PositionEncoding, "utf-16"),
  entities: z.array(
    z.object({
      text: Entity.shape.text,
      type: Entity.shape.type,
      mentions: Entity.shape.mentions,
      visible: Entity.shape.visible,
      regions: z.array(z.pick(Region, { box: true, mask: true })),
    }),
  ),
});
type Answer = z.infer<typeof Answer>;

/** A line of a batch's results, which has the id that the caller gave the post. */
export const Result = z.object({
  id: z.nullable(z.string()),
  line: z.int(),
  state: z.string(),
  answer: z.nullable(Answer),
  /** Why there is no answer; null where there is one. */
  problem: z._default(z.nullable(z.object({ code: z.string(), detail: z.string() })), null),
});
export type Result = z.infer<typeof Result>;

/** Most characters of a problem that a post repeats. */
const ERROR_LENGTH = 200;

/** Our API's answers: the results of a batch, or answers of `POST /v1/recognize` one a line. */
export const ANSWERS: Kind = {
  name: "answers",
  form: "JSON lines of the API: results of a batch, or answers of POST /v1/recognize",
  recognizes: (text) => {
    const first = firstObject(text);
    if (!first) return false;
    return ("answer" in first && "state" in first) || ("offset_encoding" in first && Array.isArray(first.entities));
  },
  read: async (text) => {
    const posts = allObjects(text).map((value, index) => {
      const place = `answer ${index + 1} is none of the API's: `;
      return "answer" in value
        ? postOfResult(checked(Result, value, "the result", place))
        : postOf(checked(Answer, value, "the answer", place), null);
    });
    refuseRepeated(posts);
    return { kind: "answers", posts, notes: [], missing: {}, respelled: true };
  },
};

/** What a line of a batch's results predicts. Names are as the answer has them: readable, and not the post's own. */
export function postOfResult({ id, line, state, answer, problem }: Result): EvaluatedPost {
  const name = id ?? String(line);
  if (answer) return postOf(answer, name);
  const error = problem ? cutText(`${problem.code}: ${problem.detail}`, ERROR_LENGTH) : state;
  return { id: name, offset_unit: "token", entities: [], error };
}

/** An answer's mentions, one by one. Only what is visible has regions: what is undecided counts as not grounded. */
function postOf({ id, offset_encoding, entities }: Answer, name: string | null): EvaluatedPost {
  const mentions = entities.flatMap(({ mentions: places, ...entity }) => places.map((place) => ({ ...entity, place })));
  const hasTokens = mentions.length > 0 && mentions.every(({ place }) => place.tokens !== null);
  return {
    id: name ?? id,
    offset_unit: hasTokens ? "token" : offset_encoding,
    entities: mentions.map(({ text, type, place, visible, regions }): EvaluatedEntity => {
      const shown = visible === true ? regions : [];
      const { start, end } = (hasTokens && place.tokens) || place;
      return {
        text,
        type,
        start,
        end,
        boxes: shown.map(({ box }) => [box.xmin, box.ymin, box.xmax, box.ymax]),
        masks: shown.map(({ mask }) => mask && rleOf(mask)),
      };
    }),
  };
}

/** Whether an id is one that the API gave a request, and so no post's. */
export function isRequestId(id: string): boolean {
  return /^req_[0-9A-HJKMNP-TV-Z]{26}(?:-\d+)?$/.test(id);
}
