import type * as z from "zod/mini";
import { NO_UNITS, type PaidOperation, type Units } from "./prices.ts";
import type { Entity, RecognizeAnswer, RecognizeRequest } from "./recognize.ts";
import type {
  EntailAnswer,
  EntailRequest,
  ExpandAnswer,
  ExpandRequest,
  GroundAnswer,
  GroundRequest,
  SegmentAnswer,
  SegmentRequest,
} from "./stage-routes.ts";

/** What an operation may deliver at most, and what an answer of it delivered. */
interface Counted<Fields, Answer> {
  /** The units of the largest answer that the request allows. The sum of their prices is reserved before any work. */
  readonly most: (fields: Fields) => Units;
  readonly delivered: (answer: Answer) => Units;
}

type Sent<Schema extends z.ZodMiniType> = z.infer<Schema>;
type Results<Answer, Field extends keyof Answer> = Pick<Answer, Field>;

const count = <Item>(items: readonly Item[], isDelivered: (item: Item) => boolean) => items.filter(isDelivered).length;

/** Fewest characters of a text for each name: two names have at least one character between them. */
const CHARACTERS_PER_NAME = 2;

/** The units of each operation, counted from its request and from its answer alone. */
export const COUNTED: {
  readonly recognize: Counted<RecognizeRequest, Results<RecognizeAnswer, "entities">>;
  readonly mner: Counted<unknown, unknown>;
  readonly expand: Counted<Sent<typeof ExpandRequest>, Results<ExpandAnswer, "expressions">>;
  readonly entail: Counted<Sent<typeof EntailRequest>, Results<EntailAnswer, "judgements">>;
  readonly ground: Counted<Sent<typeof GroundRequest>, Results<GroundAnswer, "groundings">>;
  readonly segment: Counted<Sent<typeof SegmentRequest>, Results<SegmentAnswer, "masks">>;
} = {
  recognize: {
    most(fields) {
      const entities = fields.image === undefined || fields.task === "mner" ? 0 : mostEntities(fields);
      return { calls: 1, entities, masks: fields.task === "smner" ? entities : 0 };
    },
    delivered({ entities }) {
      const masks = entities.reduce((all, { regions }) => all + count(regions, ({ mask }) => mask !== null), 0);
      return { calls: 1, entities: count(entities, hasResult), masks };
    },
  },
  mner: { most: () => ({ ...NO_UNITS, calls: 1 }), delivered: () => ({ ...NO_UNITS, calls: 1 }) },
  expand: {
    most: ({ entities }) => ({ calls: 1, entities: entities.length, masks: 0 }),
    delivered: ({ expressions }) => ({ calls: 1, entities: count(expressions, ({ text }) => text !== null), masks: 0 }),
  },
  entail: {
    most: ({ entities }) => ({ calls: 1, entities: entities.length, masks: 0 }),
    delivered: ({ judgements }) => {
      return { calls: 1, entities: count(judgements, ({ visible }) => visible !== null), masks: 0 };
    },
  },
  ground: {
    most: ({ entities }) => ({ calls: 1, entities: entities.length, masks: 0 }),
    delivered: ({ groundings }) => {
      return { calls: 1, entities: count(groundings, ({ regions }) => regions.length > 0), masks: 0 };
    },
  },
  segment: {
    most: ({ boxes }) => ({ calls: 1, entities: 0, masks: boxes.length }),
    delivered: ({ masks }) => ({ calls: 1, entities: 0, masks: count(masks, ({ mask }) => mask !== null) }),
  },
};

/** The most units that a checked request of an operation may deliver. */
export function mostUnits(operation: PaidOperation, fields: unknown): Units {
  return COUNTED[operation].most(fields as never);
}

/** The units that an answer of an operation delivered. */
export function deliveredUnits(operation: PaidOperation, answer: unknown): Units {
  return COUNTED[operation].delivered(answer as never);
}

/** The most entities that a plan is asked to allow, of `/v1/segment` its boxes; and the field that says so. */
export function askedEntities(fields: unknown): { entities: number; entitiesPointer: string } {
  const { entities, boxes, max_entities } = fields as {
    entities?: readonly unknown[];
    boxes?: readonly unknown[];
    max_entities?: number;
  };
  if (entities) return { entities: entities.length, entitiesPointer: "/entities" };
  if (boxes) return { entities: boxes.length, entitiesPointer: "/boxes" };
  return { entities: max_entities ?? 0, entitiesPointer: "/max_entities" };
}

/** The most entities that the answer to a post may have. */
function mostEntities({ entities, max_entities, text, tokens }: RecognizeRequest): number {
  const length = text?.length ?? tokens?.join(" ").length ?? 0;
  return Math.min(max_entities, entities?.length ?? Math.ceil(length / CHARACTERS_PER_NAME));
}

/** Whether an entity was judged, or found. */
function hasResult({ visible, regions }: Pick<Entity, "visible" | "regions">): boolean {
  return visible !== null || regions.length > 0;
}
