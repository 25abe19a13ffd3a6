import { expect, test } from "vitest";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import type { Deployment } from "../../../src/pipeline/deployment.ts";
import { recognize, recognizeAnswer } from "../../../src/pipeline/recognize.ts";
import type { RunOptions } from "../../../src/pipeline/run.ts";
import { canceledOrLate } from "../../../src/providers/refusal.ts";
import { postOf } from "../../../src/request/read-post.ts";
import { type Chains, StageError } from "../../../src/stages/model.ts";
import { mention } from "../../support/mention.ts";
import { modelOf } from "../../support/models.ts";
import { encodeRle } from "../../support/rle.ts";
import { deploymentOf, inRun } from "../../support/run.ts";
import { SMALL_PICTURE } from "../../support/small-picture.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const picture = SMALL_PICTURE;
const { size } = picture;
const judgement = { visible: true, score: 0.9, method: "m", calibrated: false, reason: null };
const region = { box: { xmin: 0, ymin: 0, xmax: 8, ymax: 6 }, score: 0.5, method: "m" };
const mask = { mask: encodeRle(new Uint8Array(48).fill(1), size), score: 1, method: "m", reason: null };

interface Asked {
  readonly request?: object;
  readonly deployment?: Partial<Deployment>;
  readonly options?: Partial<RunOptions>;
  /** How long the overlay takes to store, behind the answer's findings. */
  readonly storeMs?: number;
}

/** The answer to a post that these models see, in virtual time. */
function answerOf(
  time: VirtualTime,
  chains: Partial<Chains>,
  { request = {}, deployment = {}, options = {}, storeMs = 0 }: Asked = {},
) {
  const post = postOf(RecognizeRequest.parse({ text: "Felix and Oscar", ...request }), picture);
  const working = inRun(
    deploymentOf(chains, { ...time, ...deployment }),
    async (run) => {
      await recognize(post, run);
      const answer = recognizeAnswer(post, run);
      await time.sleep(storeMs);
      return answer;
    },
    options,
  );
  return time.pass(working);
}

const names = modelOf<"mner">(() => ({ mentions: [mention("Felix", 0), mention("Oscar", 10)], problems: [] }));
const nobody = modelOf<"mner">(() => ({ mentions: [], problems: [] }), { price: { call: 0 } });

test("ends, with each region once, when grounding answers about one entity twice", async () => {
  const answer = await answerOf(new VirtualTime(), {
    mner: [names],
    entailment: [
      modelOf<"entailment">(({ entities }) => ({ judgements: entities.map(({ id }) => ({ id, ...judgement })) })),
    ],
    grounding: [
      modelOf<"grounding">(({ entities: [first] }) => {
        const twice = { id: first?.id, regions: [region] };
        return { groundings: [twice, twice] };
      }),
    ],
    segmentation: [modelOf<"segmentation">(({ boxes }) => ({ masks: boxes.map(({ id }) => ({ id, ...mask })) }))],
  });
  expect(answer.entities.map(({ regions }) => regions.map(({ id, mask }) => [id, mask !== null]))).toEqual([
    [["e1-r1", true]],
    [],
  ]);
});

test("says no_mask of a box that a call left out, although another call failed", async () => {
  let calls = 0;
  const answer = await answerOf(new VirtualTime(), {
    mner: [names],
    grounding: [
      modelOf<"grounding">(({ entities }) => ({ groundings: entities.map(({ id }) => ({ id, regions: [region] })) })),
    ],
    segmentation: [
      modelOf<"segmentation">(
        () => {
          calls++;
          if (calls === 1) throw new StageError("rejected", "rejected the request");
          return { masks: [] };
        },
        { batch: 1 },
      ),
    ],
  });
  expect(answer.entities.map(({ regions }) => regions[0]?.mask_reason)).toEqual(["stage_failed", "no_mask"]);
});

test("neither retries nor begins a call when the answer has been made", async () => {
  const time = new VirtualTime();
  const calls: number[] = [];
  const caption = modelOf<"caption">(
    async () => {
      calls.push(time.now);
      throw new StageError("network", "cannot be reached", { charged: true });
    },
    { price: { call: 5_000_000 } },
  );
  const { stages } = await answerOf(time, { mner: [nobody], caption: [caption] }, { storeMs: 5_000 });
  const [record] = stages.filter(({ stage }) => stage === "caption");
  expect(calls).toHaveLength(record?.attempts ?? 0);
});

test("neither counts nor charges a call that only waited for money", async () => {
  const time = new VirtualTime();
  const called: string[] = [];
  const price = { call: 5_000_000 };
  const caption = modelOf<"caption">(
    async () => {
      called.push("caption");
      return { caption: "Two cats." };
    },
    { price },
  );
  const warm = modelOf<"segmentation">(
    async (_, { signal }) => {
      called.push("segmentation");
      await time.sleep(20_000, signal).catch(() => {
        throw canceledOrLate(signal);
      });
      return { masks: [] };
    },
    { price, warms: true },
  );
  const slow = modelOf<"mner">(() => time.sleep(100).then(() => ({ mentions: [], problems: [] })), {
    price: { call: 0 },
  });
  const { stages } = await answerOf(
    time,
    { mner: [slow], caption: [caption], segmentation: [warm] },
    { options: { maximumCost: 5_000_000 } },
  );
  const asked = stages.filter(({ stage }) => stage !== "mner").map(({ stage }) => stage);
  expect(asked).toEqual(called);
});

test("keeps what the small model found when a cascade has nobody else to ask", async () => {
  const small = modelOf<"mner">(() => ({ mentions: [mention("Felix", 0, "PER", 0.4)], problems: [] }), {
    entry: "small",
  });
  const large = modelOf<"mner">(() => ({ mentions: [], problems: [] }), { entry: "large" });
  const { partial, problems, entities } = await answerOf(
    new VirtualTime(),
    { mner: [small, large] },
    { request: { task: "mner" }, deployment: { mnerCascade: 0.9 }, options: { fallback: false } },
  );
  expect([partial, problems, entities.length]).toEqual([false, [], 1]);
});
