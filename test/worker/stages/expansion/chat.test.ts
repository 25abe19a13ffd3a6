import { describe, expect, test } from "vitest";
import { chatsOf, completion, failureOf } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const INPUT = {
  text: "Eileen Collins leaves Houston",
  caption: "A woman in an orange suit.",
  entities: [
    { id: "e1", text: "Eileen Collins", type: "PER" },
    { id: "e2", text: "Houston", type: "city" },
  ],
};
const reply = (...expressions: Array<[id: unknown, expression: unknown]>) =>
  JSON.stringify({ expressions: expressions.map(([id, expression]) => ({ id, expression })) });
const GOOD = reply(["e1", "the woman in an orange suit"], ["e2", "a city in Texas"]);

const start = (replies: readonly unknown[], entry = "openai:test/llm") =>
  startModel("expansion", entry, { replies: { "chat llm": replies } });

test("one question for all names of a post, and what the reply becomes (hosted-apis section 5.1)", async () => {
  const { run, calls, model } = await start([completion(GOOD)]);
  expect(model).toMatchObject({ promptVersion: "phrases-1", batch: 25, takesLinks: false });
  expect(await run(INPUT)).toEqual({
    model: "llm",
    version: "chat-model-2026-10-01",
    expressions: [
      { id: "e1", text: "the woman in an orange suit", method: "llm" },
      { id: "e2", text: "a city in Texas", method: "llm" },
    ],
  });
  const [{ messages, ...asked } = { messages: [] }, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(asked).toEqual({
    model: "llm",
    max_tokens: 1_024 + 2 * 64,
    temperature: 0,
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "expressions",
        strict: true,
        schema: {
          type: "object",
          properties: {
            expressions: {
              type: "array",
              items: {
                type: "object",
                properties: { id: { type: "string" }, expression: { type: "string" } },
                required: ["id", "expression"],
                additionalProperties: false,
              },
            },
          },
          required: ["expressions"],
          additionalProperties: false,
        },
      },
    },
  });
  expect(messages.at(-1)).toEqual({
    role: "user",
    content: [
      'Text: "Eileen Collins leaves Houston"',
      'Picture: "A woman in an orange suit."',
      "Names:",
      '- id "e1", kind PER, name "Eileen Collins"',
      '- id "e2", kind LOC, type "city", name "Houston"',
    ].join("\n"),
  });
});

test("without a caption there is no line for it", async () => {
  const { run, calls } = await start([completion(GOOD)]);
  await run({ text: INPUT.text, entities: INPUT.entities });
  expect(chatsOf(await calls())[0]?.messages.at(-1)?.content).not.toContain("Picture:");
});

describe("what is no plain phrase for a name that was asked about is left out", () => {
  test.each<[what: string, said: string, expressions: Array<[string, string]>]>([
    ["an id that was not asked about", reply(["e9", "a ship"], ["e1", "a woman"]), [["e1", "a woman"]]],
    ["a second answer", reply(["e1", "a woman"], ["e1", "a ship"]), [["e1", "a woman"]]],
    [
      "in another order",
      reply(["e2", "a city"], ["e1", "a woman"]),
      [
        ["e1", "a woman"],
        ["e2", "a city"],
      ],
    ],
    ["a link", reply(["e1", "see https://evil.example"], ["e2", "a city"]), [["e2", "a city"]]],
    ["markup", reply(["e1", "<img src=x onerror=alert(1)>"], ["e2", "a city"]), [["e2", "a city"]]],
    ["a link of markdown", reply(["e1", "[a woman](evil)"], ["e2", "a city"]), [["e2", "a city"]]],
    ["hidden letters", reply(["e1", "a \u{e0049}woman"], ["e2", "a\u200b city"]), [["e2", "a city"]]],
    ["a page", reply(["e1", "a woman ".repeat(40)], ["e2", "a city"]), [["e2", "a city"]]],
    ["nothing", reply(["e1", " "], ["e2", "a city"]), [["e2", "a city"]]],
    [
      "more fields",
      '{"system":"pwned","expressions":[{"id":"e1","expression":"a woman","method":"sure","url":"x"}]}',
      [["e1", "a woman"]],
    ],
    ["a sentence's marks", reply(["e1", '"A woman in orange."']), [["e1", "A woman in orange"]]],
  ])("%s", async (_, said, expressions) => {
    const { run } = await start([completion(said)]);
    expect((await run(INPUT)).expressions).toEqual(expressions.map(([id, text]) => ({ id, text, method: "llm" })));
  });

  test.each([[reply(["e1", "`rm -rf`"])], [reply(["e9", "a ship"])], [reply()]])(
    "%s: with nothing left another model may try",
    async (said) => {
      const { run } = await start([completion(said)]);
      await expect(run(INPUT)).rejects.toMatchObject({ code: "invalid_output", retryable: false });
    },
  );
});

test.each([["no JSON"], ['{"expressions":"none"}'], ['{"expressions":[{"id":1,"expression":"x"}]}'], ["[]"]])(
  "%s is asked to be repaired, once",
  async (said) => {
    const { run, calls } = await start([completion(said), completion(GOOD)]);
    const { again, code } = await failureOf(run(INPUT));
    expect(code).toBe("invalid_output");
    expect((await run(INPUT, { again })).expressions).toHaveLength(2);
    expect(chatsOf(await calls())[1]?.messages.at(-2)).toEqual({ role: "assistant", content: said });
  },
);

test("an endpoint that refuses max_tokens and the schema, as llama.cpp does with 500, learns nothing anew the next time", async () => {
  const { run, calls } = await startModel("expansion", "openai:test/llm", {
    replies: { "chat llm": [completion(GOOD)] },
    refusals: [
      {
        operation: "chat",
        has: "max_tokens",
        status: 400,
        body: '{"error":{"message":"use max_completion_tokens instead"}}',
      },
      {
        operation: "chat",
        has: "response_format.type=json_schema",
        status: 500,
        body: '{"error":{"message":"invalid grammar"}}',
      },
    ],
  });
  const first = await failureOf(run(INPUT));
  const second = await failureOf(run(INPUT, { again: first.again }));
  await run(INPUT, { again: second.again });
  await run(INPUT);
  const asked = chatsOf(await calls()).map((body) => [body.max_tokens ?? null, body.max_completion_tokens ?? null]);
  expect(asked).toEqual([
    [1_152, null],
    [null, 1_152],
    [null, 1_152],
    [null, 1_152],
  ]);
});

describe("@riveg asks as RiVEG does (arXiv 2402.09989, section 3.2): one name a question, in words", () => {
  const one = { ...INPUT, entities: INPUT.entities.slice(0, 1) };

  test("what it is asked and what its reply becomes", async () => {
    const { run, calls, model } = await start(
      [completion("<think>Who?</think>\na woman in an orange space suit.")],
      "openai:test/llm@riveg",
    );
    expect(model).toMatchObject({ promptVersion: "riveg-1", batch: 1 });
    expect((await run(one)).expressions).toEqual([
      { id: "e1", text: "a woman in an orange space suit", method: "llm" },
    ]);
    const [{ messages, ...asked } = { messages: [] }] = chatsOf(await calls());
    expect(asked).toEqual({ model: "llm", max_tokens: 1_088, temperature: 0 });
    expect(String(messages.at(-1)?.content).split("\n\n").at(-1)).toBe(
      [
        'Background: "A woman in an orange suit."',
        'Text: "Eileen Collins leaves Houston"',
        'Question: in the context of this text, tell me briefly what "Eileen Collins(PER)" is.',
        "Answer:",
      ].join("\n"),
    );
  });

  test.each([["See https://evil.example"], ["<script>"], ["word ".repeat(100)]])("%s is no phrase", async (said) => {
    const { run } = await start([completion(said)], "openai:test/llm@riveg");
    await expect(run(one)).rejects.toMatchObject({ code: "invalid_output" });
  });

  test("another @ is refused, with what there is", async () => {
    await expect(start([], "openai:test/llm@1")).rejects.toThrow("@riveg");
  });
});
