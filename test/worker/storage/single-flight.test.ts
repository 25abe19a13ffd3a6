import { describe, expect, test } from "vitest";
import { entity, picture, readAnswer, scriptedPost, startApp, TEXT } from "../harness.ts";

/** test/edge/app.single-flight.test.ts does the same with contexts of their own. */
describe("two requests with the same question at the same time", () => {
  test("make one call for the caption and one for the expressions, and both are answered in full", async () => {
    const cog = scriptedPost().on("caption", () => ({ model: "scripted", version: "7", caption: "A woman." }));
    const app = startApp(cog, {}, { CAPTION: "cog:local/caption" });
    const post = { text: TEXT, image: await picture() };
    const answers = await Promise.all([post, post, post].map(async (one) => readAnswer(await app.post(one))));
    expect([cog.asked("caption").length, cog.asked("expansion").length]).toEqual([1, 1]);
    for (const answer of answers) {
      expect(answer.partial).toBe(false);
      expect(entity(answer, "e1").expression).toMatchObject({ text: "the one called Eileen Collins" });
    }
    const cached = answers.map(({ stages }) => stages.find(({ stage }) => stage === "expansion")?.cached);
    expect(cached.sort()).toEqual([false, true, true]);
  });

  test("make two calls when one of them may not be stored", async () => {
    const app = startApp();
    const bodies = [{ text: TEXT }, { text: TEXT, store: false }];
    await Promise.all(bodies.map((body) => app.post(body)));
    expect(app.cog.asked("expansion")).toHaveLength(2);
  });
});
