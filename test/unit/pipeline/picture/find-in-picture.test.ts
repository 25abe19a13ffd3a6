import { describe, expect, test } from "vitest";
import type { Judgement } from "../../../../schemas/stages/entailment.ts";
import { entitiesOf, foldEvents } from "../../../../src/pipeline/fold.ts";
import { searchPicture } from "../../../../src/pipeline/picture/find-in-picture.ts";
import type { Post } from "../../../../src/pipeline/post.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { PictureRef } from "../../../../src/stages/picture-ref.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const size = { width: 8, height: 6 };
const entities = ["yes", "doubt", "no"].map((id) => ({ id, text: id, type: "PER", mentions: [] }));
const JUDGED: Readonly<Record<string, boolean | null>> = { yes: true, doubt: null, no: false };

const judge = (id: string): Judgement => ({
  id,
  visible: JUDGED[id] ?? null,
  score: null,
  method: "m",
  calibrated: false,
  reason: null,
});

interface Asked {
  readonly mode?: Post["mode"];
  readonly threshold?: number | undefined;
  /** Ids of the entities for which grounding finds nothing. */
  readonly unfound?: readonly string[];
  readonly entailment?: () => Promise<object>;
  /** Entities that one call of either model takes. */
  readonly batch?: number;
}

const picture = { bytes: new Uint8Array(1), type: "image/png", size, orientation: 1 };

/** What becomes of three entities, whom grounding was asked about, and in which order things were found. */
function find({ mode = "fast", threshold, unfound = [], entailment, batch = Infinity }: Asked) {
  const grounded: string[][] = [];
  const found: string[][] = [];
  const deployment = deploymentOf({
    entailment: [
      modelOf<"entailment">(
        entailment ?? (({ entities: asked }) => ({ judgements: asked.map(({ id }) => judge(id)) })),
        { batch },
      ),
    ],
    grounding: [
      modelOf<"grounding">(
        async ({ entities: asked }) => {
          grounded.push(asked.map(({ id }) => id));
          // The first entity's boxes come last.
          if (batch === 1 && asked[0]?.id === "yes") await new Promise((resolve) => setImmediate(resolve));
          const box = { xmin: 0, ymin: 0, xmax: 4, ymax: 4 };
          const regions = [{ box, score: 0.5, method: "m" }];
          return { groundings: asked.map(({ id }) => ({ id, regions: unfound.includes(id) ? [] : regions })) };
        },
        { batch },
      ),
    ],
  });
  return inRun(deployment, async (run) => {
    for (const { id, text, type } of entities) {
      const mention = { text, start: 0, end: 1, tokens: null, score: null };
      run.emit({ event: "mention", entity: { id, text, type, coarse_type: null }, mention });
    }
    let contributions = 0;
    const search = searchPicture(
      {
        post: { mode, text: "yes doubt no", thresholds: { mention: 0, region: 0, visible: threshold } },
        entities: entities.length,
        caption: null,
        picture: new PictureRef(picture, run.pictures),
        size,
        found: (regions, count) => {
          if (regions.length > 0) found.push(regions.map(({ entityId }) => entityId));
          contributions += count;
        },
      },
      run,
    );
    for (const { id, text, type } of entities) search.add({ id, text, type });
    await search.done;
    expect(contributions).toBe(entities.length);
    const answered = entitiesOf(foldEvents(run.events));
    return {
      grounded,
      found,
      seen: answered.map(({ visible, visibility, regions }) => [visible, visibility.reason, regions.length]),
    };
  });
}

describe("searchPicture", () => {
  test("drops the boxes of a no, and keeps those of a yes and of a doubt", async () => {
    const { grounded, seen } = await find({});
    expect(seen).toEqual([
      [true, null, 1],
      [null, "undecided", 1],
      [false, null, 0],
    ]);
    expect(grounded).toEqual([["yes", "doubt", "no"]]);
  });

  test("grounds only what entailment did not rule out when the mode is cheap", async () => {
    expect((await find({ mode: "cheap" })).grounded).toEqual([["yes", "doubt"]]);
    expect((await find({ mode: "cheap", batch: 1 })).grounded).toEqual([["yes"], ["doubt"]]);
  });

  test("asks a model of one entity about each alone, and tells of each as soon as its call has ended", async () => {
    const { grounded, found, seen } = await find({ batch: 1 });
    expect(grounded).toEqual([["yes"], ["doubt"], ["no"]]);
    expect(found).toEqual([["doubt"], ["yes"]]);
    expect(seen).toEqual((await find({})).seen);
  });

  test.each(["fast", "cheap"] as const)(
    "gives the same with any batch and threshold when the mode is %s",
    async (mode) => {
      for (const threshold of [undefined, 0, 0.5]) {
        const together = await find({ mode, threshold, unfound: ["doubt"] });
        const alone = await find({ mode, threshold, unfound: ["doubt"], batch: 1 });
        expect(alone.seen).toEqual(together.seen);
      }
    },
  );

  test("keeps the candidates of every entity when the threshold is 0, and makes none of them visible", async () => {
    const { seen } = await find({ threshold: 0 });
    expect(seen).toEqual([
      [true, null, 1],
      [null, "undecided", 1],
      [null, "undecided", 1],
    ]);
  });

  test("makes an entity visible by a threshold only when it has a box", async () => {
    const entailment = async () => ({ judgements: ["yes", "doubt", "no"].map((id) => ({ ...judge(id), score: 0.4 })) });
    const { seen } = await find({ threshold: 0.3, unfound: ["no", "doubt"], entailment });
    expect(seen).toEqual([
      [true, null, 1],
      [null, "undecided", 0],
      [false, null, 0],
    ]);
    expect((await find({ threshold: 0.3, entailment })).seen).toEqual([1, 2, 3].map(() => [true, null, 1]));
  });

  test("keeps every box, and says stage_failed, when entailment is down", async () => {
    const { seen } = await find({ entailment: () => Promise.reject(new StageError("failed", "failed")) });
    expect(seen).toEqual([1, 2, 3].map(() => [null, "stage_failed", 1]));
  });
});
