import { describe, expect, test } from "vitest";
import { createChat } from "../../../src/providers/chat.ts";
import { StageError } from "../../../src/providers/stage-error.ts";
import type { Fault, Refusal } from "../../support/hosted/script.ts";
import { completion } from "../stages/chat-fixtures.ts";
import { askThroughPipeline, bodiesOf, question, schema, startChat, startChatHost } from "./chat-world.ts";
import { unbound } from "./start.ts";

const logprobs = {
  content: [
    {
      token: "Yes",
      logprob: -0.1,
      top_logprobs: [
        { token: "Yes", logprob: -0.1 },
        { token: "No", logprob: -2.3 },
      ],
    },
  ],
};

describe("a chat's reply", () => {
  test("has the alternatives of its first token when the host returns log-probabilities", async () => {
    const world = await startChatHost([completion("Yes", { finish_reason: "length", logprobs })]);
    const reply = await startChat(world)({ ...question, maximumTokens: 1, alternatives: 5 }, unbound());
    expect(reply).toMatchObject({ text: "Yes", firstTokens: logprobs.content[0]?.top_logprobs });
  });

  test.each([[undefined], [null], [{ content: null }], [{ content: [] }], [{ content: [{ top_logprobs: null }] }]])(
    "has no alternatives when the log-probabilities are %j",
    async (missing) => {
      const world = await startChatHost([completion("Yes", missing === undefined ? {} : { logprobs: missing })]);
      expect(await startChat(world)({ ...question, alternatives: 5 }, unbound())).toMatchObject({
        text: "Yes",
        firstTokens: null,
      });
    },
  );

  test.each([["/home/me/models/m.gguf"], ["C:\\models\\m.gguf"], ["m".repeat(201)], ["m\n<script>"], [""]])(
    "has no model name when the host names %j, which callers may not see",
    async (model) => {
      const world = await startChatHost([{ ...completion("Yes"), model }]);
      expect(await startChat(world)(question, unbound())).toMatchObject({ text: "Yes", model: null });
    },
  );

  test("is the text parts when the content comes in parts", async () => {
    const parts = [
      { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      { type: "text", text: "a " },
      { type: "text", text: "b" },
    ];
    const world = await startChatHost([completion(parts)]);
    expect(await startChat(world)(question, unbound())).toMatchObject({ text: "a b" });
  });

  test.each([
    ["a refusal", completion(null, {}, { refusal: "I cannot help with this person" }), "refused", false],
    ["a content filter", completion("", { finish_reason: "content_filter" }), "refused", false],
    ["truncated", completion('{"caption":"a wom', { finish_reason: "length" }), "truncated", false],
    ["empty", completion(""), "unreadable", true],
    ["not a completion", { choices: [] }, "unreadable", true],
    ["an error with a 200", { error: { message: "upstream", code: 502 } }, "unreadable", true],
  ] as const)("is a StageError when it is %s", async (_, reply, code, retryable) => {
    const world = await startChatHost([reply]);
    const error = await startChat(world)({ ...question, schema }, unbound()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toContain("person");
    expect(await world.session.calls()).toHaveLength(1);
  });
});

describe("a chat at a host that refuses a field", () => {
  const never = (has: string, status: number, body: string): Refusal => ({ operation: "chat", has, status, body });
  const jsonSchema = "response_format.type=json_schema";
  const form = (body: Record<string, unknown>) =>
    (body.response_format as { type?: string } | undefined)?.type ?? "text";

  test.each([
    [
      "with json_object when a 400 refuses json_schema",
      [never(jsonSchema, 400, "not supported")],
      ["json_schema", "json_object"],
    ],
    [
      "with json_object when llama.cpp's server answers 500 to json_schema",
      [never(jsonSchema, 500, '{"error":{"message":"failed to parse grammar"}}')],
      ["json_schema", "json_object"],
    ],
    [
      "in the prompt when response_format is refused",
      [never("response_format", 422, "unknown field")],
      ["json_schema", "json_object", "text"],
    ],
  ])("gives the schema %s", async (_, refusals, forms) => {
    const world = await startChatHost([completion('{"caption":"a"}')], { refusals });
    const chat = startChat(world);
    expect(await askThroughPipeline(world, chat, { ...question, schema })).toBe('{"caption":"a"}');
    expect((await bodiesOf(world)).map(form)).toEqual(forms);
    // Without a wait, and with the schema in the prompt.
    expect(world.waits.every((wait) => wait === 0)).toBe(true);
    expect((await bodiesOf(world)).at(-1)?.messages).toEqual([
      { role: "system", content: expect.stringContaining(JSON.stringify(schema.schema)) },
      ...question.messages,
    ]);
    expect(await askThroughPipeline(world, chat, { ...question, schema })).toBe('{"caption":"a"}');
    expect((await bodiesOf(world)).map(form)).toEqual([...forms, forms.at(-1)]);
  });

  test.each([
    [
      "max_tokens",
      never("max_tokens", 400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
      { max_completion_tokens: 20 },
    ],
    [
      "temperature",
      never("temperature", 400, "Unsupported value: 'temperature' does not support 0 with this model."),
      { max_tokens: 20 },
    ],
    [
      "logprobs",
      never("logprobs", 403, "You are not allowed to request logprobs from this model"),
      { max_tokens: 20, temperature: 0 },
    ],
    ["logprobs", never("logprobs", 500, "logprobs is not supported with tools"), { max_tokens: 20, temperature: 0 }],
  ])("leaves %s out from then on", async (field, refusal, left) => {
    const world = await startChatHost([completion("Yes")], { refusals: [refusal] });
    const chat = startChat(world);
    const asked = { ...question, alternatives: field === "logprobs" ? 5 : 0 };
    expect(await askThroughPipeline(world, chat, asked)).toBe("Yes");
    expect(await askThroughPipeline(world, chat, asked)).toBe("Yes");
    const [first, second, third, ...more] = await bodiesOf(world);
    expect(more).toEqual([]);
    expect(first).toHaveProperty(field);
    expect(second).toMatchObject(left);
    expect(second).not.toHaveProperty(field);
    expect(third).toEqual(second);
  });

  test("leaves out every field that is refused, one after the other", async () => {
    const refusals = [
      never("max_tokens", 400, "use max_completion_tokens"),
      never("temperature", 400, "temperature is fixed"),
      never("top_logprobs", 400, "no logprobs"),
      never("response_format", 400, "no"),
    ];
    const world = await startChatHost([completion("{}")], { refusals });
    expect(await askThroughPipeline(world, startChat(world), { ...question, schema, alternatives: 5 })).toBe("{}");
    expect(await bodiesOf(world)).toHaveLength(6);
    expect((await bodiesOf(world)).at(-1)).toEqual({
      model: "m",
      messages: expect.any(Array),
      max_completion_tokens: 20,
    });
  });

  test("asks for fewer alternatives when 20 are refused", async () => {
    const refusal = { operation: "chat", has: "top_logprobs=20", status: 400, body: "top_logprobs must be at most 5" };
    const world = await startChatHost([completion("Yes")], { refusals: [refusal] });
    expect(await askThroughPipeline(world, startChat(world), { ...question, alternatives: 20 })).toBe("Yes");
    expect((await bodiesOf(world)).map(({ logprobs, top_logprobs }) => [logprobs, top_logprobs])).toEqual([
      [true, 20],
      [true, 5],
    ]);
  });

  test("asks with every field again when all simpler requests failed too", async () => {
    const refusal: Fault = { kind: "status", status: 400, body: "bad" };
    const world = await startChatHost([completion("a")], { faults: { chat: [refusal, refusal, refusal] } });
    const chat = startChat(world);
    expect(await askThroughPipeline(world, chat, { ...question, schema })).toBeNull();
    expect(await askThroughPipeline(world, chat, { ...question, schema })).toBe("a");
    expect((await bodiesOf(world)).map(form)).toEqual(["json_schema", "json_object", "text", "json_schema"]);
  });

  test("keeps the simpler request when a question that began earlier succeeds", async () => {
    const asked: string[] = [];
    let answerFirst = () => {};
    const chat = createChat("m", async (body) => {
      asked.push(form(body));
      if (asked.length === 1) await new Promise<void>((resolve) => (answerFirst = resolve));
      if (form(body) === "json_schema") return { error: new StageError("rejected", "no"), status: 400, text: "no" };
      return { reply: completion("{}") };
    });
    const early = chat(question, unbound());
    const later = {};
    await expect(chat({ ...question, schema }, unbound(), later)).rejects.toMatchObject({ changes: {} });
    await chat({ ...question, schema }, unbound(), later);
    answerFirst();
    await early;
    await chat({ ...question, schema }, unbound());
    expect(asked).toEqual(["text", "json_schema", "json_object", "json_object"]);
  });
});
