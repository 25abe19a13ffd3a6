import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ExpansionCache, type ExpansionQuestion, expansionKey } from "../../../src/storage/expansion-cache.ts";
import { KvEntries } from "../../../src/storage/kv-entries.ts";
import { entity, picture, readAnswer, scriptedPost, startApp, TEXT } from "../harness.ts";

describe("ExpansionCache", () => {
  test("answers the second identical post, and its stages say cached", async () => {
    const app = startApp();
    const first = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    const second = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
    expect(app.cog.asked("expansion")).toHaveLength(1);
    expect(second.entities.map(({ expression }) => expression)).toEqual(
      first.entities.map(({ expression }) => expression),
    );
    expect(second.stages.find(({ stage }) => stage === "expansion")).toMatchObject({
      cached: true,
      attempts: 0,
      model: "scripted",
    });
  });

  test("misses when the text or the picture differs, but not when white space does", async () => {
    const app = startApp();
    await app.post({ text: TEXT });
    await app.post({ text: `${TEXT}!` });
    await app.post({ text: TEXT, image: await picture() });
    expect(app.cog.asked("expansion")).toHaveLength(3);
    await app.post({ text: `  ${TEXT.replace(" met ", "\n met  ")}`, image: await picture() });
    expect(app.cog.asked("expansion")).toHaveLength(3);
  });

  test("does not keep an expression that a fallback model wrote", async () => {
    const cog = scriptedPost();
    const app = startApp(cog, {}, { EXPANSION: "cog:local/writer, cog:local/expansion" });
    const text = { text: TEXT, image: await picture() };
    expect(entity(await readAnswer(await app.post(text)), "e1").expression).toMatchObject({ method: "template" });
    expect((await env.EXPANSIONS.list()).keys).toEqual([]);
    cog.on("writer", ({ input }) => ({
      model: "writer",
      version: "1",
      expressions: (input.entities as Array<{ id: string }>).map(({ id }) => ({
        id,
        text: "a woman in orange",
        method: "llm",
      })),
    }));
    expect(entity(await readAnswer(await app.post(text)), "e1").expression).toMatchObject({ method: "llm" });
    expect((await env.EXPANSIONS.list()).keys).toHaveLength(3);
  });

  test("misses when the caption differs", async () => {
    const app = startApp(
      scriptedPost().on("caption", () => ({ model: "scripted", version: "7", caption: "A woman." })),
    );
    const captioning = startApp(app.cog, {}, { CAPTION: "cog:local/caption" });
    const post = { text: TEXT, image: await picture() };
    await app.post(post);
    await captioning.post(post);
    await captioning.post(post);
    expect(app.cog.asked("expansion").map(({ caption }) => caption)).toEqual([undefined, "A woman."]);
    const entities = [{ text: "Felix", type: "OTHER" }];
    for (const caption of ["A cat.", "A dog.", "A cat."])
      await app.post({ text: TEXT, entities, caption }, {}, "/v1/expand");
    expect(app.cog.asked("expansion").map(({ caption }) => caption)).toEqual([
      undefined,
      "A woman.",
      "A cat.",
      "A dog.",
    ]);
  });

  test("leaves one call for the names that it lacks", async () => {
    const app = startApp();
    await app.post({ text: TEXT, max_entities: 1 });
    await app.post({ text: TEXT });
    expect(
      app.cog.asked("expansion").map(({ entities }) => (entities as { text: string }[]).map(({ text }) => text)),
    ).toEqual([["Eileen Collins"], ["Felix", "Houston"]]);
  });

  test("treats an unreadable entry as a miss, and the post succeeds when KV is down", async () => {
    const app = startApp();
    await app.post({ text: TEXT });
    for (const { name } of (await env.EXPANSIONS.list()).keys) await env.EXPANSIONS.put(name, "{}");
    expect(await readAnswer(await app.post({ text: TEXT }))).toMatchObject({ partial: false });
    expect(app.cog.asked("expansion")).toHaveLength(2);
    const down = () => Promise.reject(new Error("KV is down"));
    const broken = startApp(scriptedPost(), {}, { EXPANSIONS: { get: down, put: down } as unknown as string });
    expect(await readAnswer(await broken.post({ text: TEXT }))).toMatchObject({ partial: false });
    expect(broken.lines.map(({ event }) => event)).toContain("expansion_cache_unreadable");
  });

  test("returns expressions in the order of the questions, the same one twice, with null for a miss", async () => {
    const cache = new ExpansionCache(new KvEntries(env.EXPANSIONS, () => 0), () => 0);
    const question = (name: string): ExpansionQuestion => ({
      model: "m",
      promptVersion: "1",
      entity: name,
      type: "PER",
      text: "t",
      picture: null,
      background: null,
    });
    const expression = { text: "a woman", method: "llm", model: "m", version: "1" } as const;
    await cache.put(await expansionKey(question("Ada")), expression);
    const found = await cache.get([question("Grace"), question("Ada"), question("Ada")]);
    expect(found).toEqual([null, expression, expression]);
    expect(await cache.get([])).toEqual([]);
  });
});

describe("expansionKey", () => {
  test("differs when any part of the question does", async () => {
    const question = {
      model: "m",
      promptVersion: "1",
      entity: "e",
      type: "PER",
      text: "t",
      picture: "p",
      background: "b",
    } as const;
    const changed = [
      { model: "n" },
      { promptVersion: "2" },
      { entity: "f" },
      { type: "LOC" as const },
      { text: "u" },
      { picture: null },
      { background: null },
    ];
    const keys = await Promise.all(
      [question, ...changed.map((change) => ({ ...question, ...change }))].map(expansionKey),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
