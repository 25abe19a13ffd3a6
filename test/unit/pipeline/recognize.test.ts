import { describe, expect, test } from "vitest";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import type { Picture } from "../../../src/pipeline/picture/read-picture.ts";
import { recognize, recognizeAnswer } from "../../../src/pipeline/recognize.ts";
import { postOf } from "../../../src/request/read-post.ts";
import type { Chains, StageModel } from "../../../src/stages/model.ts";
import { expansionKey } from "../../../src/storage/expansion-cache.ts";
import { memoryCaches } from "../../support/memory-caches.ts";
import { mention } from "../../support/mention.ts";
import { modelOf } from "../../support/models.ts";
import { encodeRle } from "../../support/rle.ts";
import { deploymentOf, inRun } from "../../support/run.ts";
import { SMALL_PICTURE } from "../../support/small-picture.ts";

const picture = SMALL_PICTURE;
const { size } = picture;
const box = { xmin: 0, ymin: 0, xmax: 8, ymax: 6 };
const TEXT = "Felix and Oscar";

/** Models that write down when each stage begins and ends. */
function chainsWith(order: string[]): Partial<Chains> {
  const step = async <T>(stage: string, answer: T): Promise<T> => {
    order.push(`${stage} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${stage} ends`);
    return answer;
  };
  return {
    caption: [modelOf<"caption">(() => step("caption", { caption: "Two cats." }))],
    mner: [
      modelOf<"mner">(() => step("mner", { mentions: [mention("Felix", 0), mention("Oscar", 10)], problems: [] })),
    ],
    expansion: [
      modelOf<"expansion">(({ entities, caption }) =>
        step("expansion", { expressions: entities.map(({ id }) => ({ id, text: `${caption} ${id}`, method: "llm" })) }),
      ),
    ],
    entailment: [
      modelOf<"entailment">(({ entities }) =>
        step("entailment", {
          judgements: entities.map(({ id }) => ({
            id,
            visible: true,
            score: 0.9,
            method: "m",
            calibrated: false,
            reason: null,
          })),
        }),
      ),
    ],
    grounding: [
      modelOf<"grounding">(({ entities }) =>
        step("grounding", {
          groundings: entities.map(({ id }) => ({ id, regions: [{ box, score: 0.5, method: "m" }] })),
        }),
      ),
    ],
    segmentation: [
      modelOf<"segmentation">(
        ({ boxes, warm }) =>
          step(warm ? "warming" : "segmentation", {
            masks: boxes.map(({ id }) => ({
              id,
              mask: encodeRle(new Uint8Array(48).fill(1), size),
              score: 1,
              method: "m",
              reason: null,
            })),
          }),
        { warms: true },
      ),
    ],
  };
}

function run(request: object, sent: Picture | null = picture) {
  const order: string[] = [];
  const post = postOf(RecognizeRequest.parse({ text: TEXT, ...request }), sent);
  return inRun(deploymentOf(chainsWith(order)), async (one) => {
    await recognize(post, one);
    return {
      order,
      answer: recognizeAnswer(post, one),
      findings: foldEvents(one.events),
      events: one.events.map(({ event }) => event),
    };
  });
}

describe("recognize", () => {
  test("runs beside each other what does not wait for another stage", async () => {
    const { order } = await run({});
    expect(order.slice(0, 3).toSorted()).toEqual(["caption begins", "mner begins", "warming begins"]);
    expect(order.indexOf("expansion begins")).toBeGreaterThan(order.indexOf("mner ends"));
    expect(order.indexOf("grounding begins")).toBeLessThan(order.indexOf("entailment ends"));
    expect(order.indexOf("segmentation begins")).toBeGreaterThan(order.indexOf("grounding ends"));
    expect(order.filter((step) => step === "expansion begins")).toHaveLength(1);
  });

  test("grounds after entailment when the mode is cheap", async () => {
    const { order } = await run({ mode: "cheap" });
    expect(order.indexOf("grounding begins")).toBeGreaterThan(order.indexOf("entailment ends"));
  });

  test("emits an event for everything that the answer says", async () => {
    const { answer, events } = await run({});
    const count = (kind: string) => events.filter((event) => event === kind).length;
    expect(["mention", "expression", "visibility", "region", "mask"].map(count)).toEqual([2, 2, 2, 2, 2]);
    expect(answer.entities).toHaveLength(2);
    expect(answer.entities[0]).toMatchObject({
      text: "Felix",
      expression: { text: "Two cats. e1" },
      visible: true,
      regions: [{ id: "e1-r1", box, mask: { size: [6, 8] } }],
    });
    expect(answer.stages.map(({ stage }) => stage)).toEqual([
      "caption",
      "mner",
      "expansion",
      "entailment",
      "grounding",
      "segmentation",
    ]);
  });

  test("stops at the boxes when the task is gmner, and at the mentions when it is mner", async () => {
    const boxes = await run({ task: "gmner" });
    expect(boxes.order).not.toContain("segmentation begins");
    expect(boxes.answer.entities[0]?.regions).toMatchObject([{ mask: null, mask_reason: "not_asked" }]);
    const mentions = await run({ task: "mner" });
    expect(mentions.order).toEqual(["mner begins", "mner ends"]);
    expect(mentions.answer.entities[0]).toMatchObject({
      visible: null,
      visibility: { reason: "not_asked" },
      regions: [],
    });
  });

  test("asks no model about the picture when there is none", async () => {
    const { order, answer } = await run({}, null);
    expect(order.filter((step) => step.endsWith("begins"))).toEqual(["mner begins", "expansion begins"]);
    expect(answer).toMatchObject({ image: null, entities: [{ visibility: { reason: "no_image" } }, {}] });
  });

  test("finishes an entity whose expression is cached before the others have one, where models take one at a time", async () => {
    const chains = chainsWith([]);
    const alone = { ...chains };
    for (const stage of ["entailment", "grounding", "segmentation"] as const) {
      alone[stage] = chains[stage]?.map((model) => ({ ...model, batch: 1 })) as never;
    }
    const slow = Promise.withResolvers<void>();
    const [writer] = chains.expansion ?? [];
    const run: StageModel<"expansion">["run"] = (...call) =>
      slow.promise.then(() => writer?.run(...call) ?? Promise.reject(new Error("no writer")));
    const expansion = writer ? [{ ...writer, run }] : [];
    const cached = { text: "a cat", method: "llm", model: "m", version: "1" } as const;
    const { expansions, captions } = memoryCaches();
    const question = { model: "test:model", promptVersion: "1", entity: "Felix", type: "PER", text: TEXT };
    await expansions.put(
      await expansionKey({ ...question, picture: picture.sha256, background: "test:model" }),
      cached,
    );
    const post = postOf(RecognizeRequest.parse({ text: TEXT }), picture);
    const masked: string[] = [];
    await inRun(
      deploymentOf({ ...alone, expansion }, { expansions, captions }),
      async (one) => {
        const working = recognize(post, one);
        // Until the first mask is there, the expansion of the second entity does not come.
        while (!one.events.some(({ event }) => event === "mask")) await new Promise((resolve) => setImmediate(resolve));
        slow.resolve();
        await working;
        masked.push(...one.events.flatMap((event) => (event.event === "mask" ? event.region_id : [])));
      },
      { store: true },
    );
    expect(masked).toEqual(["e1-r1", "e2-r1"]);
  });

  test("asks models of one entity about entities in turn, so that the first is finished before the last begins", async () => {
    const text = "Ana Berta Clara Dora Emma Fay";
    const names = text.split(" ");
    const order: string[] = [];
    const step = async (name: string, answer: object) => {
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      return answer;
    };
    const judgement = { visible: true, score: 0.9, method: "m", calibrated: false, reason: null };
    const deployment = deploymentOf({
      mner: [
        modelOf<"mner">(() => ({ mentions: names.map((name) => mention(name, text.indexOf(name))), problems: [] })),
      ],
      entailment: [
        modelOf<"entailment">(
          ({ entities: [one] }) => step(`judge ${one?.id}`, { judgements: [{ id: one?.id, ...judgement }] }),
          {
            batch: 1,
          },
        ),
      ],
      grounding: [
        modelOf<"grounding">(
          ({ entities: [one] }) =>
            step(`ground ${one?.id}`, { groundings: [{ id: one?.id, regions: [{ box, score: 0.5, method: "m" }] }] }),
          { batch: 1 },
        ),
      ],
      segmentation: [
        modelOf<"segmentation">(({ boxes: [one] }) => step(`mask ${one?.id}`, { masks: [] }), { batch: 1 }),
      ],
    });
    await inRun(deployment, (one) => recognize(postOf(RecognizeRequest.parse({ text }), picture), one));
    expect(order.slice(0, 4)).toEqual(["judge e1", "ground e1", "judge e2", "ground e2"]);
    expect(order.indexOf("mask e1-r1")).toBeLessThan(order.indexOf("judge e6"));
    expect(order.filter((name) => name.startsWith("mask"))).toHaveLength(6);
  });
});
