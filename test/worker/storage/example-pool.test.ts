import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { POOL_KEY } from "../../../src/storage/example-pool.ts";
import { picture, readAnswer, scriptedPost, startApp, TEXT } from "../harness.ts";

const ran = { model: "scripted", version: "7" };
/** The vectors (1, 0) and (0, 1). */
const POOL = [
  { model: "scripted" },
  { text: "across", answer: "It names nothing.", vector: "AAAAAAAAgD8=" },
  { text: "near", answer: "It names nothing.", vector: "AACAPwAAAAA=" },
];

test("a post's mner reads knowledge that was written with the pool's most similar examples and the caption", async () => {
  await env.MASKS.put(POOL_KEY, POOL.map((line) => JSON.stringify(line)).join("\n"));
  const cog = scriptedPost()
    .on("caption", () => ({ ...ran, caption: "A woman." }))
    .on("embedding", () => ({ ...ran, vectors: [[1, 0]] }))
    .on("knowledge", () => ({ ...ran, knowledge: "Felix is a cat." }));
  const chains = { CAPTION: "cog:local/caption", EMBEDDING: "cog:local/embedding", KNOWLEDGE: "cog:local/knowledge" };
  const app = startApp(cog, {}, chains);
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  expect(answer).toMatchObject({ partial: false, problems: [] });
  expect(cog.asked("knowledge")).toMatchObject([
    { text: TEXT, caption: "A woman.", examples: [{ text: "near" }, { text: "across" }] },
  ]);
  expect(cog.asked("mner")).toMatchObject([{ knowledge: "Felix is a cat." }]);
  expect(answer.stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(["embedding", "knowledge"]));
});

test("a post is answered without knowledge, and says so, when that stage is down", async () => {
  const app = startApp(scriptedPost(), {}, { KNOWLEDGE: "cog:local/knowledge" });
  const answer = await readAnswer(await app.post({ text: TEXT }));
  expect(answer.entities).toHaveLength(3);
  expect(answer.problems).toMatchObject([{ code: "stage_failed", stage: "knowledge" }]);
  expect(app.cog.asked("mner")[0]).not.toHaveProperty("knowledge");
});
