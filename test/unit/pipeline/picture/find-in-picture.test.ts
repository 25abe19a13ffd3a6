import { describe, expect, test } from "vitest";
import type { Judgement } from "../../../../schemas/stages/entailment.ts";
import { entitiesOf, foldEvents } from "../../../../src/pipeline/fold.ts";
import { findInPicture } from "../../../../src/pipeline/picture/find-in-picture.ts";
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
  readonly task?: Post["task"];
  readonly mode?: Post["mode"];
  readonly shown?: boolean;
  readonly threshold?: number;
  /** Ids of the entities for which grounding finds nothing. */
  readonly unfound?: readonly string[];
  readonly entailment?: () => Promise<object>;
}

/** What becomes of three entities, and whom grounding was asked about. */
function find({ task = "gmner", mode = "fast", shown = true, threshold, unfound = [], entailment }: Asked) {
  const grounded: string[][] = [];
  const deployment = deploymentOf({
    entailment: [
      modelOf<"entailment">(
        entailment ?? (({ entities: asked }) => ({ judgements: asked.map(({ id }) => judge(id)) })),
      ),
    ],
    grounding: [
      modelOf<"grounding">(({ entities: asked }) => {
        grounded.push(asked.map(({ id }) => id));
        const box = { xmin: 0, ymin: 0, xmax: 4, ymax: 4 };
        const regions = [{ box, score: 0.5, method: "m" }];
        return { groundings: asked.map(({ id }) => ({ id, regions: unfound.includes(id) ? [] : regions })) };
      }),
    ],
  });
  return inRun(deployment, async (run) => {
    const data = { bytes: new Uint8Array(1), type: "image/png", size, orientation: 1 };
    const post = {
      task,
      mode,
      text: "yes doubt no",
      thresholds: { region: 0, visible: threshold },
      picture: { ...data, sha256: "", drawable: true },
    } as unknown as Post;
    const picture = shown ? new PictureRef(data, run.pictures) : null;
    for (const { id, text, type } of entities) {
      const mention = { text, start: 0, end: 1, tokens: null, score: null };
      run.emit({ event: "mention", entity: { id, text, type, coarse_type: null }, mention });
    }
    await findInPicture(post, { entities, expressions: new Map(), caption: null }, picture, run);
    const found = entitiesOf(foldEvents(run.events));
    return {
      grounded,
      seen: found.map(({ visible, visibility, regions }) => [visible, visibility.reason, regions.length]),
    };
  });
}

describe("findInPicture", () => {
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
  });

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

  test("asks no model and says why when there is no picture for it", async () => {
    expect(await find({ task: "mner" })).toEqual({ grounded: [], seen: entities.map(() => [null, "not_asked", 0]) });
    expect(await find({ shown: false })).toEqual({ grounded: [], seen: entities.map(() => [null, "stage_failed", 0]) });
  });
});
