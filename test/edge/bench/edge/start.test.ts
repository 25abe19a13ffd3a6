import { afterAll, beforeAll, expect, test } from "vitest";
import { recognizePost, replayPlan } from "../../../../bench/edge/measure.ts";
import { type ModelServer, startModels } from "../../../../bench/edge/models.ts";
import { jpegOf } from "../../../../bench/edge/picture.ts";
import { postTemplate, textOf } from "../../../../bench/edge/post.ts";
import { PROFILES, SETUPS, settingsOf } from "../../../../bench/edge/setups.ts";
import { type Bundles, buildBundles, startEdge } from "../../../../bench/edge/start.ts";

let models: ModelServer;
let bundles: Bundles;
beforeAll(async () => {
  bundles = buildBundles(true);
  models = await startModels();
});
afterAll(async () => {
  await models?.stop();
  bundles?.remove();
});

test.each(Object.values(SETUPS))(
  "with $name, every post is answered whole and the bare Worker makes a plan",
  async (setup) => {
    await models.configure(settingsOf(setup, PROFILES.none));
    const edge = await startEdge(bundles, models.url, setup.chains);
    try {
      const template = await postTemplate(textOf(3), await jpegOf(20_000));
      await recognizePost(edge.product, template, 3)(1);
      const plan = { calls: [{ model: "mner", after: [] }], connections: 6 };
      await replayPlan(edge.bare, plan)(1);
      const answers = await Promise.all(
        ["/", "/call"].map((path) => fetch(edge.bare + path, { method: "POST", body: '{"text":"Vera Rubin"}' })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      await edge.stop();
    }
  },
);
