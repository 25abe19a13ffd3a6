import { describe, expect, it } from "vitest";
import { answerOf } from "../../../../bench/models/protocols.ts";

describe("answerOf", () => {
  it("answers a prediction as Cog does", () => {
    const body = JSON.stringify({ input: { text: "Ada Lovelace" } });
    expect(answerOf("/mner/predictions", body)).toMatchObject({
      model: "mner",
      body: { status: "succeeded", output: { mentions: [{ text: "Ada Lovelace" }] } },
    });
  });

  it("answers a chat as its model, from the last message, whatever form that has", () => {
    const content = [
      { type: "text", text: 'Text: "Ada Lovelace"' },
      { type: "image_url", image_url: { url: "data:," } },
    ];
    const chat = { model: "mner", messages: [{ content: "Vera Rubin" }, { content }] };
    const answer = answerOf("/v1/chat/completions", JSON.stringify(chat));
    expect(answer?.model).toBe("mner");
    expect(answer?.body).toMatchObject({
      choices: [{ message: { content: '{"entities":[{"text":"Ada Lovelace","type":"PER"}]}' } }],
    });
  });

  it("gives phrases where the reply's schema has them", () => {
    const response_format = { type: "json_schema", json_schema: { schema: { properties: { expression: {} } } } };
    const chat = { model: "mner", messages: [{ content: "Ada Lovelace" }], response_format };
    expect(JSON.stringify(answerOf("/chat/completions", JSON.stringify(chat))?.body)).toContain("expression");
  });

  it("draws the box's outline as Moondream does", () => {
    expect(answerOf("/segment", JSON.stringify({ spatial_refs: [[0, 0.1, 0.5, 0.6]] }))).toEqual({
      model: "segment",
      body: {
        path: expect.stringMatching(/^M 1.0000 0.5000 L /),
        bbox: { x_min: 0, y_min: 0.1, x_max: 0.5, y_max: 0.6 },
      },
    });
  });

  it("only waits where that is asked", () => {
    expect(answerOf("/grounding/wait", "{}")).toEqual({ model: "grounding", body: {} });
  });

  it.each(["/admissions/p1", "/other/predictions", "/mner/other"])("knows nothing at %s", (path) => {
    expect(answerOf(path, '{"input":{}}')).toBeNull();
  });
});
