import { expect, test } from "vitest";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { recognize } from "../../../src/pipeline/recognize.ts";
import { postOf } from "../../../src/request/read-post.ts";
import { mention } from "../../support/mention.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";
import { SMALL_PICTURE } from "../../support/small-picture.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const TEXT = "Ana Berta Clara Dora Emma Fay";
const NAMES = TEXT.split(" ");
const picture = SMALL_PICTURE;
const region = { box: { xmin: 0, ymin: 0, xmax: 8, ymax: 6 }, score: 0.5, method: "m" };
const judgement = { visible: true, score: 0.9, method: "m", calibrated: false, reason: null };
const mask = { mask: null, score: null, method: null, reason: "none" };

/** When each mask came, with models that take 200 ms for one entity and, where they queue, one call at a time. */
async function masksAt(queues: boolean): Promise<number[]> {
  const time = new VirtualTime();
  const began = time.now;
  const model = () => {
    let last: Promise<void> = Promise.resolve();
    return () => {
      last = queues ? last.then(() => time.sleep(200)) : time.sleep(200);
      return last;
    };
  };
  const [judging, grounding, segmenting] = [model(), model(), model()];
  const at: number[] = [];
  const deployment = deploymentOf(
    {
      mner: [
        modelOf<"mner">(async () => {
          await time.sleep(200);
          return { mentions: NAMES.map((name) => mention(name, TEXT.indexOf(name))), problems: [] };
        }),
      ],
      entailment: [
        modelOf<"entailment">(
          ({ entities: [one] }) => judging().then(() => ({ judgements: [{ id: one?.id, ...judgement }] })),
          { batch: 1 },
        ),
      ],
      grounding: [
        modelOf<"grounding">(
          ({ entities: [one] }) => grounding().then(() => ({ groundings: [{ id: one?.id, regions: [region] }] })),
          { batch: 1 },
        ),
      ],
      segmentation: [
        modelOf<"segmentation">(
          async ({ boxes: [one] }) => {
            await segmenting();
            at.push(time.now - began);
            return { masks: [{ id: one?.id, ...mask }] };
          },
          { batch: 1 },
        ),
      ],
    },
    { ...time },
  );
  const post = postOf(RecognizeRequest.parse({ text: TEXT }), picture);
  await time.pass(inRun(deployment, (run) => recognize(post, run)));
  return at;
}

test("finishes an entity with every turn of models that answer one call at a time", async () => {
  expect(await masksAt(true)).toEqual([600, 800, 1_000, 1_200, 1_400, 1_600]);
});

test("needs no more turns for the whole than five connections do, where models answer every call at once", async () => {
  const at = await masksAt(false);
  expect(at[0]).toBe(600);
  // 18 calls take four turns.
  expect(at.at(-1)).toBe(200 + 4 * 200);
});
