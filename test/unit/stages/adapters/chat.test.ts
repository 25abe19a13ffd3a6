import { describe, expect, test } from "vitest";
import { chatAdapter } from "../../../../src/stages/adapters/chat.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const completion = (content: string, model?: string) => ({
  model,
  choices: [{ finish_reason: "stop", message: { content } }],
});
const LINK = "https://namesight.test/p";
const DATA = "data:image/png;base64,iVBORw==";
const imageOf = (body: Record<string, unknown> | undefined) =>
  JSON.stringify(body).match(/"image_url":\{"url":"([^"]+)"/)?.[1];

describe("a chat model", () => {
  test.each([
    ["https://host.test", true, LINK],
    ["http://127.0.0.1:8080", false, DATA],
    ["http://localhost:11434/v1", false, DATA],
  ])("at %s takes links: %s", async (endpoint, takesLinks, image) => {
    const { model, requests } = modelAt("caption", "openai:test/m", [completion("A dog.")], {}, endpoint);
    expect(model.takesLinks).toBe(takesLinks);
    const picture = pictureRefOf(LINK);
    await model.run({ picture: takesLinks ? picture : picture.withoutLinks() }, ATTEMPT);
    expect(imageOf(requests[0]?.body)).toBe(image);
  });

  test("is given the model's own version when the reply names it, and the entry's name when it does not", async () => {
    const answers = [completion("A dog.", "m-2026-01-01"), completion("A dog.")];
    const { model } = modelAt("caption", "openai:test/m", answers);
    const picture = pictureRefOf(LINK);
    expect(await model.run({ picture }, ATTEMPT)).toMatchObject({ model: "m", version: "m-2026-01-01" });
    expect(await model.run({ picture }, ATTEMPT)).toMatchObject({ model: "m", version: "m" });
  });

  test("reserves the most tokens that its question can take before it sends it, and reports what the host counted", async () => {
    const usage = { prompt_tokens: 40, completion_tokens: 5 };
    const { model, requests } = modelAt("caption", "openai:test/m", [{ ...completion("A dog."), usage }]);
    const told: object[] = [];
    const reserve = async (most: { inputTokens?: number; outputTokens?: number }) => {
      expect(requests).toHaveLength(0);
      told.push(most);
    };
    const spent = (used: object) => told.push(used);
    await model.run({ picture: pictureRefOf(LINK) }, { ...ATTEMPT, reserve, spent });
    const [most, used] = told as { inputTokens: number; outputTokens: number }[];
    // One picture, and no more tokens than the prompt has bytes.
    const text = JSON.stringify(requests[0]?.body).length;
    expect(most?.inputTokens).toBeGreaterThan(6_000);
    expect(most?.inputTokens).toBeLessThan(6_000 + text + 1_000);
    expect(most?.outputTokens).toBe(requests[0]?.body.max_tokens);
    expect(used).toEqual({ inputTokens: 40, outputTokens: 5 });
  });

  test("sends nothing when its reservation is refused", async () => {
    const { model, requests } = modelAt("caption", "openai:test/m", [completion("A dog.")]);
    const reserve = () => Promise.reject(new StageError("over_budget", "was not asked"));
    const asking = model.run({ picture: pictureRefOf(LINK) }, { ...ATTEMPT, reserve });
    await expect(asking).rejects.toMatchObject({ code: "over_budget" });
    expect(requests).toHaveLength(0);
  });

  test("asks about one entity a call when its variant does", async () => {
    const { model, requests } = modelAt("expansion", "openai:test/m@riveg", [completion("a woman in a space suit")]);
    expect(model).toMatchObject({ batch: 1, promptVersion: "riveg-1", takesLinks: false });
    const entities = [{ id: "e1", text: "Eileen Collins", type: "PER" }];
    expect(await model.run({ picture: null, text: "Eileen Collins", entities }, ATTEMPT)).toMatchObject({
      expressions: [{ id: "e1", text: "a woman in a space suit", method: "llm" }],
    });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["expansion", "openai:test/m@v2", "its variants are @riveg"],
    ["caption", "openai:test/m@v2", "it has no variants"],
  ] as const)("is refused for %s as %s", (stage, entry, message) => {
    expect(() => modelAt(stage, entry, [])).toThrow(message);
  });
});

describe("chatAdapter", () => {
  test("serves its families at every host of chat models", () => {
    const { serves } = chatAdapter({
      stage: "caption",
      promptVersion: "1",
      batch: 1,
      families: [{ label: "…vl…", contains: ["vl"] }],
      card: { title: "t", returns: "r", cannot: "c", picture: "link" },
      ask: async () => ({ caption: "c" }),
    });
    expect(serves.map(({ provider, families = [] }) => [provider, families.map(({ label }) => label)])).toEqual([
      ["openai", ["…vl…"]],
      ["huggingface", ["chat/…vl…"]],
      ["workers-ai", ["@cf/…vl…"]],
    ]);
  });
});
