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

test("asks about all names of a post in one question, and reads the expressions", async () => {
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

test("leaves the picture's line out when there is no caption", async () => {
  const { run, calls } = await start([completion(GOOD)]);
  await run({ text: INPUT.text, entities: INPUT.entities });
  expect(chatsOf(await calls())[0]?.messages.at(-1)?.content).not.toContain("Picture:");
});

describe("the expressions", () => {
  test.each<[what: string, text: string, expressions: Array<[string, string]>]>([
    ["an id that was not asked about", reply(["e9", "a ship"], ["e1", "a woman"]), [["e1", "a woman"]]],
    ["a second expression for an id", reply(["e1", "a woman"], ["e1", "a ship"]), [["e1", "a woman"]]],
    [
      "another order",
      reply(["e2", "a city"], ["e1", "a woman"]),
      [
        ["e1", "a woman"],
        ["e2", "a city"],
      ],
    ],
    ["a link", reply(["e1", "see https://evil.example"], ["e2", "a city"]), [["e2", "a city"]]],
    ["markup", reply(["e1", "<img src=x onerror=alert(1)>"], ["e2", "a city"]), [["e2", "a city"]]],
    ["a Markdown link", reply(["e1", "[a woman](evil)"], ["e2", "a city"]), [["e2", "a city"]]],
    ["invisible characters", reply(["e1", "a \u{e0049}woman"], ["e2", "a\u200b city"]), [["e2", "a city"]]],
    ["an expression that is too long", reply(["e1", "a woman ".repeat(40)], ["e2", "a city"]), [["e2", "a city"]]],
    ["an empty expression", reply(["e1", " "], ["e2", "a city"]), [["e2", "a city"]]],
    [
      "unknown fields",
      '{"system":"pwned","expressions":[{"id":"e1","expression":"a woman","method":"sure","url":"x"}]}',
      [["e1", "a woman"]],
    ],
    ["quotation marks and a full stop", reply(["e1", '"A woman in orange."']), [["e1", "A woman in orange"]]],
  ])("are plain phrases of the ids that were asked about when the reply has %s", async (_, text, expressions) => {
    const { run } = await start([completion(text)]);
    expect((await run(INPUT)).expressions).toEqual(expressions.map(([id, text]) => ({ id, text, method: "llm" })));
  });

  test.each([[reply(["e1", "`rm -rf`"])], [reply(["e9", "a ship"])], [reply()]])(
    "are an invalid_output when none is left of %s",
    async (said) => {
      const { run } = await start([completion(said)]);
      await expect(run(INPUT)).rejects.toMatchObject({ code: "invalid_output", retryable: false });
    },
  );
});

test.each([["no JSON"], ['{"expressions":"none"}'], ['{"expressions":[{"id":1,"expression":"x"}]}'], ["[]"]])(
  "asks for one repair when the reply is %s",
  async (said) => {
    const { run, calls } = await start([completion(said), completion(GOOD)]);
    const { changes, code } = await failureOf(run(INPUT));
    expect(code).toBe("invalid_output");
    expect((await run(INPUT, { changes })).expressions).toHaveLength(2);
    expect(chatsOf(await calls())[1]?.messages.at(-2)).toEqual({ role: "assistant", content: said });
  },
);

test("leaves out max_tokens and the schema from then on when the endpoint refused them", async () => {
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
  const second = await failureOf(run(INPUT, { changes: first.changes }));
  await run(INPUT, { changes: second.changes });
  await run(INPUT);
  const asked = chatsOf(await calls()).map((body) => [body.max_tokens ?? null, body.max_completion_tokens ?? null]);
  expect(asked).toEqual([
    [1_152, null],
    [null, 1_152],
    [null, 1_152],
    [null, 1_152],
  ]);
});

/** RiVEG: arXiv 2402.09989, section 3.2. */
describe("the variant @riveg", () => {
  const one = { ...INPUT, entities: INPUT.entities.slice(0, 1) };

  test("asks about one name a question, in words, and reads the phrase", async () => {
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

  test.each([["See https://evil.example"], ["<script>"], ["word ".repeat(100)]])(
    "throws an invalid_output when the reply is %s",
    async (said) => {
      const { run } = await start([completion(said)], "openai:test/llm@riveg");
      await expect(run(one)).rejects.toMatchObject({ code: "invalid_output" });
    },
  );

  test("is named in the error when an entry has another variant", async () => {
    await expect(start([], "openai:test/llm@1")).rejects.toThrow("@riveg");
  });
});
