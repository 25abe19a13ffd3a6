import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { type Chat, type ChatQuestion, createChat } from "../../../src/providers/chat.ts";
import { openAiSend } from "../../../src/providers/openai.ts";
import { StageError } from "../../../src/providers/stage-error.ts";
import { askJson } from "../../../src/stages/replies/ask-json.ts";
import type { Fault, HostScript, Refusal } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, runnerOf, startWorld, unbound } from "./start.ts";

/** A completion as OpenAI's API reference has it (hosted-apis section 5.1). */
const completion = (
  content: unknown,
  { finish_reason = "stop", message = {}, ...more }: Record<string, unknown> = {},
) => ({
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "m-2026-11-01",
  choices: [{ index: 0, finish_reason, message: { role: "assistant", content, ...(message as object) }, ...more }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
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

const schema = {
  name: "answer",
  schema: { type: "object", properties: { caption: { type: "string" } }, required: ["caption"] },
};
const question: ChatQuestion = {
  messages: [{ role: "user", content: "?" }],
  maximumTokens: 20,
  schema: null,
  alternatives: 0,
};

const startChat = (world: CalmWorld): Chat =>
  createChat("m", openAiSend({ endpoint: new URL(world.session.at("chat/v1")), token: "t0ken" }, world));
const start = (replies: readonly unknown[], more: HostScript = {}) =>
  startWorld({ ...more, replies: { "chat m": replies } });
const bodies = async ({ session }: CalmWorld) =>
  (await session.calls()).map(({ body }) => body as Record<string, unknown>);

/** The pipeline around one question: what a refusal asks for instead is asked. */
async function throughPipeline(world: CalmWorld, chat: Chat, asked: ChatQuestion): Promise<string | null> {
  const model = captioner("openai:test/m", async (_, { signal }) => caption((await chat(asked, signal)).text));
  return (await runnerOf([model], world).run("caption", {}))?.caption ?? null;
}

describe("a question", () => {
  test("is one request, with all that the dialect has", async () => {
    const world = await start([completion('{"caption":"a"}')]);
    const messages = [
      { role: "system" as const, content: "Look." },
      {
        role: "user" as const,
        content: [
          { type: "text" as const, text: "?" },
          { type: "image_url" as const, image_url: { url: "data:image/png;base64,AQID" } },
        ],
      },
    ];
    const reply = await startChat(world)({ messages, maximumTokens: 20, schema, alternatives: 5 }, unbound());
    expect(reply).toEqual({ text: '{"caption":"a"}', firstTokens: null, model: "m-2026-11-01" });
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path: "/chat/v1/chat/completions", headers: { authorization: "Bearer t0ken" } });
    expect(calls[0]?.body).toEqual({
      model: "m",
      messages,
      max_tokens: 20,
      temperature: 0,
      response_format: { type: "json_schema", json_schema: { ...schema, strict: true } },
      logprobs: true,
      top_logprobs: 5,
    });
  });

  test("of an endpoint without a token has none", async () => {
    const world = await start([completion("a")]);
    await createChat("m", openAiSend({ endpoint: new URL(world.session.at("chat/v1")), token: null }, world))(
      question,
      unbound(),
    );
    expect((await world.session.calls())[0]?.headers).not.toHaveProperty("authorization");
  });

  test("goes to a configured origin or nowhere", async () => {
    const world = await start([completion("a")]);
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(startChat(elsewhere)(question, unbound())).rejects.toMatchObject({ code: "network" });
    expect(await world.session.calls()).toEqual([]);
  });
});

describe("a reply", () => {
  test("with log-probabilities tells the alternatives of its first token, at its limit of one token too", async () => {
    const world = await start([completion("Yes", { finish_reason: "length", logprobs })]);
    const reply = await startChat(world)({ ...question, maximumTokens: 1, alternatives: 5 }, unbound());
    expect(reply).toMatchObject({ text: "Yes", firstTokens: logprobs.content[0]?.top_logprobs });
  });

  test.each([[undefined], [null], [{ content: null }], [{ content: [] }], [{ content: [{ top_logprobs: null }] }]])(
    "with log-probabilities that are %j tells none",
    async (missing) => {
      const world = await start([completion("Yes", missing === undefined ? {} : { logprobs: missing })]);
      expect(await startChat(world)({ ...question, alternatives: 5 }, unbound())).toMatchObject({
        text: "Yes",
        firstTokens: null,
      });
    },
  );

  test.each([["/home/me/models/m.gguf"], ["C:\\models\\m.gguf"], ["m".repeat(201)], ["m\n<script>"], [""]])(
    "of a model that calls itself %j, which is no name to show to strangers, names none",
    async (model) => {
      const world = await start([{ ...completion("Yes"), model }]);
      expect(await startChat(world)(question, unbound())).toMatchObject({ text: "Yes", model: null });
    },
  );

  test("in parts is the words among them", async () => {
    const parts = [
      { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      { type: "text", text: "a " },
      { type: "text", text: "b" },
    ];
    const world = await start([completion(parts)]);
    expect(await startChat(world)(question, unbound())).toMatchObject({ text: "a b" });
  });

  test.each([
    ["a refusal", completion(null, { message: { refusal: "I cannot help with this person" } }), "refused", false],
    ["a content filter", completion("", { finish_reason: "content_filter" }), "refused", false],
    ["cut off", completion('{"caption":"a wom', { finish_reason: "length" }), "truncated", false],
    ["empty", completion(""), "unreadable", true],
    ["no completion", { choices: [] }, "unreadable", true],
    ["an error with a 200", { error: { message: "upstream", code: 502 } }, "unreadable", true],
  ] as const)("that is %s is told apart", async (_, reply, code, retryable) => {
    const world = await start([reply]);
    const error = await startChat(world)({ ...question, schema }, unbound()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toContain("person");
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([
    ["a filter of the host's", { status: 400, body: '{"error":{"code":"content_filter"}}' }, "refused", false],
    [
      "a policy of the host's",
      { status: 400, body: '{"error":{"code":"content_policy_violation"}}' },
      "refused",
      false,
    ],
    ["a token it does not know", { status: 401 }, "unauthorized", false],
    ["too many requests", { status: 429, headers: { "retry-after-ms": "1500" } }, "rate_limited", true],
    ["an overload", { status: 503 }, "not_ready", true],
    ["elsewhere", { status: 302, headers: { location: "https://elsewhere.example/" } }, "http_error", false],
  ] as const)("that is %s is one request, and a StageError", async (_, status, code, retryable) => {
    const world = await start([completion("a")], {
      faults: { chat: Array<Fault>(5).fill({ kind: "status", ...status }) },
    });
    await expect(startChat(world)({ ...question, schema }, unbound())).rejects.toMatchObject({
      name: "StageError",
      code,
      retryable,
      again: null,
    });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([
    [{ kind: "reset" }, "network"],
    [{ kind: "cut" }, "network"],
    [{ kind: "status", status: 200, body: "<html>" }, "unreadable"],
  ] as const)("that breaks by %j is one request", async (fault, code) => {
    const world = await start([completion("a")], { faults: { chat: [fault] } });
    await expect(startChat(world)(question, unbound())).rejects.toMatchObject({ code, retryable: true });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([["silent"], ["stalled"]] as const)(
    "that is %s ends with an abort, which closes the connection",
    async (kind) => {
      const world = await start([completion("a")], { faults: { chat: [{ kind }] } });
      const late = new AbortController();
      const asked = startChat(world)(question, late.signal);
      await world.session.until((calls) => calls.length === 1);
      late.abort(new DOMException("late", "TimeoutError"));
      await expect(asked).rejects.toMatchObject({ code: "timeout" });
      await world.session.until(([first]) => first?.abandoned === true);
    },
  );
});

describe("what an endpoint does not take is left out from then on", () => {
  const never = (has: string, status: number, body: string): Refusal => ({ operation: "chat", has, status, body });
  const jsonSchema = "response_format.type=json_schema";
  const form = (body: Record<string, unknown>) =>
    (body.response_format as { type?: string } | undefined)?.type ?? "text";

  test.each([
    ["json_object, by a 400", [never(jsonSchema, 400, "not supported")], ["json_schema", "json_object"]],
    [
      "json_object, by llama.cpp's 500 with a validation error",
      [never(jsonSchema, 500, '{"error":{"message":"failed to parse grammar"}}')],
      ["json_schema", "json_object"],
    ],
    ["words", [never("response_format", 422, "unknown field")], ["json_schema", "json_object", "text"]],
  ])("a schema: %s", async (_, refusals, forms) => {
    const world = await start([completion('{"caption":"a"}')], { refusals });
    const chat = startChat(world);
    expect(await throughPipeline(world, chat, { ...question, schema })).toBe('{"caption":"a"}');
    expect((await bodies(world)).map(form)).toEqual(forms);
    // Asked at once, and told the schema in words where the endpoint is not.
    expect(world.waits.every((wait) => wait === 0)).toBe(true);
    expect((await bodies(world)).at(-1)?.messages).toEqual([
      { role: "system", content: expect.stringContaining(JSON.stringify(schema.schema)) },
      ...question.messages,
    ]);
    expect(await throughPipeline(world, chat, { ...question, schema })).toBe('{"caption":"a"}');
    expect((await bodies(world)).map(form)).toEqual([...forms, forms.at(-1)]);
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
  ])("%s", async (field, refusal, left) => {
    const world = await start([completion("Yes")], { refusals: [refusal] });
    const chat = startChat(world);
    const asked = { ...question, alternatives: field === "logprobs" ? 5 : 0 };
    expect(await throughPipeline(world, chat, asked)).toBe("Yes");
    expect(await throughPipeline(world, chat, asked)).toBe("Yes");
    const [first, second, third, ...more] = await bodies(world);
    expect(more).toEqual([]);
    expect(first).toHaveProperty(field);
    expect(second).toMatchObject(left);
    expect(second).not.toHaveProperty(field);
    expect(third).toEqual(second);
  });

  test("all of it, one after the other", async () => {
    const refusals = [
      never("max_tokens", 400, "use max_completion_tokens"),
      never("temperature", 400, "temperature is fixed"),
      never("top_logprobs", 400, "no logprobs"),
      never("response_format", 400, "no"),
    ];
    const world = await start([completion("{}")], { refusals });
    expect(await throughPipeline(world, startChat(world), { ...question, schema, alternatives: 5 })).toBe("{}");
    expect(await bodies(world)).toHaveLength(6);
    expect((await bodies(world)).at(-1)).toEqual({
      model: "m",
      messages: expect.any(Array),
      max_completion_tokens: 20,
    });
  });

  test("fewer alternatives, where only so many are too many", async () => {
    const refusal = { operation: "chat", has: "top_logprobs=20", status: 400, body: "top_logprobs must be at most 5" };
    const world = await start([completion("Yes")], { refusals: [refusal] });
    expect(await throughPipeline(world, startChat(world), { ...question, alternatives: 20 })).toBe("Yes");
    expect((await bodies(world)).map(({ logprobs, top_logprobs }) => [logprobs, top_logprobs])).toEqual([
      [true, 20],
      [true, 5],
    ]);
  });

  test("only once it was understood: a failure teaches nothing", async () => {
    const refusal: Fault = { kind: "status", status: 400, body: "bad" };
    const world = await start([completion("a")], { faults: { chat: [refusal, refusal, refusal] } });
    const chat = startChat(world);
    expect(await throughPipeline(world, chat, { ...question, schema })).toBeNull();
    expect(await throughPipeline(world, chat, { ...question, schema })).toBe("a");
    expect((await bodies(world)).map(form)).toEqual(["json_schema", "json_object", "text", "json_schema"]);
  });

  test("and not forgotten by a question that began before it was learned", async () => {
    const asked: string[] = [];
    let answerFirst = () => {};
    const chat = createChat("m", async (body) => {
      asked.push(form(body));
      if (asked.length === 1) await new Promise<void>((resolve) => (answerFirst = resolve));
      if (form(body) === "json_schema") return { error: new StageError("rejected", "no"), status: 400, text: "no" };
      return { reply: completion("{}") };
    });
    const early = chat(question, unbound());
    await expect(chat({ ...question, schema }, unbound())).rejects.toMatchObject({ again: {} });
    await chat({ ...question, schema }, unbound());
    answerFirst();
    await early;
    await chat({ ...question, schema }, unbound());
    expect(asked).toEqual(["text", "json_schema", "json_object", "json_object"]);
  });
});

describe("JSON out of a reply: taken, mended once, or an error", () => {
  const Answer = z.strictObject({ caption: z.string() });

  async function ask(replies: readonly string[], more: HostScript = {}) {
    const world = await start(
      replies.map((reply) => completion(reply)),
      more,
    );
    const chat = startChat(world);
    const model = captioner("openai:test/m", async (_, attempt) => {
      const { messages, maximumTokens } = question;
      const talk = {
        chat: (asked: ChatQuestion) => chat(asked, attempt.signal),
        repair: attempt.again?.repair ?? null,
      };
      return caption((await askJson({ messages, maximumTokens, name: "answer", schema: Answer }, talk)).caption);
    });
    const runner = runnerOf([model], world);
    const answer = await runner.run("caption", {});
    return { caption: answer?.caption ?? null, failures: runner.failures, bodies: await bodies(world) };
  }

  test.each([
    ["bare", '{"caption":"a"}'],
    ["in a fence", 'Here it is:\n```json\n{"caption": "a"}\n```\nAnything else?'],
    ["in prose with braces", 'The set {x} is empty. {"caption":"a"} Hope that helps {y}'],
    ["behind thoughts", '<think>maybe {"caption":"b"}</think>{"caption":"a"}'],
    ["behind the schema echoed back", `{"type":"object","properties":{"caption":{"type":"string"}}}\n{"caption":"a"}`],
  ])("%s it is taken", async (_, reply) => {
    const { caption: said, bodies: asked } = await ask([reply]);
    expect([said, asked.length]).toEqual(["a", 1]);
  });

  test.each([
    ["that was cut off", '{"caption":"a wom'],
    ["that is the schema echoed back", '{"type":"object","properties":{"caption":{"type":"string"}}}'],
    ["with a field more", '{"caption":"a","url":"https://evil.example"}'],
    ["of another type", '{"caption":7}'],
    ["that is none", "I would rather not."],
  ])("one %s is asked to be mended, in the same conversation", async (_, reply) => {
    const { caption: said, bodies: asked } = await ask([reply, '{"caption":"a"}']);
    expect([said, asked.length]).toEqual(["a", 2]);
    expect(asked[1]?.messages).toEqual([
      ...question.messages,
      { role: "assistant", content: reply },
      { role: "user", content: expect.stringContaining("does not keep the schema") },
    ]);
  });

  test("one that is not mended is an error, which does not say what the model said", async () => {
    const { caption: said, bodies: asked, failures } = await ask(['{"caption":7,"secret":1}', "secret"]);
    expect([said, asked.length]).toEqual([null, 2]);
    expect(JSON.stringify(failures)).not.toContain("secret");
    expect(failures).toMatchObject([
      { detail: "openai:test/m answered twice with JSON that does not fit the schema, or none." },
    ]);
  });

  test("a mending that is throttled is a mending still", async () => {
    const faults: Record<string, Fault[]> = {
      chat: [{ kind: "none" }, { kind: "status", status: 429, headers: { "retry-after": "1" } }],
    };
    const { caption: said, bodies: asked } = await ask(["words", '{"caption":"a"}'], { faults });
    expect(said).toBe("a");
    expect(asked.map(({ messages }) => (messages as unknown[]).length)).toEqual([1, 3, 3]);
  });

  test("a refusal of the schema and a mending go together", async () => {
    const refusals = [{ operation: "chat", has: "response_format.type=json_schema", status: 400, body: "no" }];
    const { caption: said, bodies: asked } = await ask(["words", '{"caption":"a"}'], { refusals });
    expect(said).toBe("a");
    expect(asked.map(({ response_format }) => (response_format as { type: string }).type)).toEqual([
      "json_schema",
      "json_object",
      "json_object",
    ]);
  });
});
