import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const BYTES = new Uint8Array(LIMITS.inlineAloneBytes + 1);
const entities = Array.from({ length: 10 }, (_, index) => ({ id: `e${index}`, text: "a", type: "PER" }));
const tick = () => new Promise((resolve) => setImmediate(resolve));

test("calls that wait for a long picture hold no connection that another stage needs", async () => {
  let running = 0;
  let most = 0;
  let judged = 0;
  const entailment = modelOf<"entailment">(
    async ({ picture, entities: asked }) => {
      // As an adapter copies it: inside the call.
      await picture?.withDataUrl(async () => {
        most = Math.max(most, ++running);
        await tick();
        running--;
        judged++;
      });
      const judgement = { visible: true, score: null, method: "m", calibrated: false, reason: null };
      return { judgements: asked.map(({ id }) => ({ id, ...judgement })) };
    },
    { batch: 1 },
  );
  let judgedBefore = -1;
  const expansion = modelOf<"expansion">(async () => {
    judgedBefore = judged;
    return { expressions: [] };
  });
  await inRun(deploymentOf({ entailment: [entailment], expansion: [expansion] }), async (run) => {
    const data = { bytes: BYTES, type: "image/png", size: { width: 1, height: 1 }, orientation: 1 };
    const judging = run.stages.run("entailment", { entities }, new PictureRef(data, run.pictures));
    await tick();
    await run.stages.run("expansion", { text: "", entities: [] });
    await judging;
  });
  expect([most, judged]).toEqual([1, 10]);
  expect(judgedBefore).toBeLessThan(3);
});

test("models that upload a picture once are asked beside each other", async () => {
  let running = 0;
  let most = 0;
  const grounding = modelOf<"grounding">(
    async ({ entities: asked }) => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      return { groundings: asked.map(({ id }) => ({ id, regions: [] })) };
    },
    { batch: 1, uploadsPicture: true },
  );
  await inRun(deploymentOf({ grounding: [grounding] }), async (run) => {
    const data = { bytes: BYTES, type: "image/png", size: { width: 1, height: 1 }, orientation: 1 };
    await run.stages.run("grounding", { entities }, new PictureRef(data, run.pictures));
  });
  expect(most).toBe(5);
});
