import { describe, expect, test } from "vitest";
import { createChat } from "../../../src/providers/chat.ts";
import { runModel, type WorkersAi, workersAiSend } from "../../../src/providers/workers-ai.ts";
import { scriptedAi } from "../stages/harness.ts";
import { caption, captioner, runnerOf, startWorld, unbound } from "./start.ts";

const MODEL = "@cf/meta/llama-4-scout";
const schema = { name: "answer", schema: { type: "object" } };
const question = {
  messages: [{ role: "user" as const, content: "?" }],
  maximumTokens: 20,
  schema: null,
  alternatives: 0,
};

describe("runModel", () => {
  test("passes the input and returns the output as they are", async () => {
    const ai = scriptedAi({ objects: [] });
    expect(await runModel(ai, MODEL, { task: "detect", stream: false }, unbound())).toEqual({ objects: [] });
    expect(ai.asked).toEqual([{ model: MODEL, input: { task: "detect", stream: false } }]);
  });

  // developers.cloudflare.com/workers-ai/platform/errors
  test.each([
    ["3006: Request is too large", "rejected", false],
    ["3007: Request timeout", "timeout", true],
    ["AiError: 3036: You have used up your daily free allocation of 10,000 neurons.", "rate_limited", false],
    ["3040: No more data centers to forward the request to", "busy", true],
    ["3042: The model name is invalid", "not_found", false],
    ["5004: Invalid data type for base64 input: text", "rejected", false],
    ["5007: No such model @cf/nobody/nothing or task", "not_found", false],
    ["5016: User has not agreed to Llama3.2 model terms", "unauthorized", false],
    ["5018: The account is not allowed to access this model", "unauthorized", false],
    ["Network connection lost.", "network", true],
    ["InferenceUpstreamError: 9999: something new", "network", true],
  ])("throws a StageError without the message when the binding throws %j", async (message, code, retryable) => {
    const ai = scriptedAi(new Error(message));
    const error = await runModel(ai, MODEL, {}, unbound()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toContain(message);
    expect(ai.asked).toHaveLength(1);
  });

  test("throws a StageError when the binding throws a string", async () => {
    const ai: WorkersAi = { run: () => Promise.reject("no") };
    await expect(runModel(ai, MODEL, {}, unbound())).rejects.toMatchObject({ code: "network" });
  });

  test("rejects at once and aborts the binding's signal when it is aborted", async () => {
    const leave = new AbortController();
    let given: AbortSignal | undefined;
    const ai: WorkersAi = {
      run(_, __, options) {
        given = options?.signal;
        return new Promise(() => {});
      },
    };
    const asked = runModel(ai, MODEL, {}, leave.signal);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    expect(given).toMatchObject({ aborted: true });
  });

  test("throws a timeout without a run when the deadline has passed", async () => {
    const late = new AbortController();
    late.abort(new DOMException("late", "TimeoutError"));
    const ai = scriptedAi({});
    await expect(runModel(ai, MODEL, {}, late.signal)).rejects.toMatchObject({ code: "timeout" });
    expect(ai.asked).toEqual([]);
  });
});

describe("a chat on Workers AI", () => {
  const startChat = (ai: WorkersAi) => createChat(MODEL, workersAiSend(ai));

  test("sends the schema without the envelope that OpenAI takes around it", async () => {
    const ai = scriptedAi({ response: { caption: "a" } });
    const reply = await startChat(ai)({ ...question, schema }, unbound());
    expect(reply).toMatchObject({ text: '{"caption":"a"}', firstTokens: null });
    expect(ai.asked).toEqual([
      {
        model: MODEL,
        input: {
          messages: question.messages,
          max_tokens: 20,
          temperature: 0,
          stream: false,
          response_format: { type: "json_schema", json_schema: schema.schema },
        },
      },
    ]);
  });

  const logprobs = { content: [{ top_logprobs: [{ token: "Yes", logprob: -0.1 }] }] };
  test.each([
    ["a model without the completion format", { response: "a" }, { text: "a" }],
    ["a completion", { choices: [{ finish_reason: "stop", message: { content: "a" } }] }, { text: "a" }],
    [
      "a completion with log-probabilities",
      { choices: [{ message: { content: "Yes" }, logprobs }] },
      { firstTokens: [{ token: "Yes", logprob: -0.1 }] },
    ],
  ])("reads the reply of %s", async (_, reply, expected) => {
    expect(await startChat(scriptedAi(reply))({ ...question, alternatives: 5 }, unbound())).toMatchObject(expected);
  });

  test.each([[{ response: null }], [{ response: "" }], [{ response: 7 }], [{}], [null], ["text"]])(
    "throws an unreadable when the reply is %j",
    async (reply) => {
      await expect(startChat(scriptedAi(reply))(question, unbound())).rejects.toMatchObject({ code: "unreadable" });
    },
  );

  test("puts the schema into the prompt when JSON mode could not be met", async () => {
    const world = await startWorld();
    const ai = scriptedAi(new Error("5024: JSON Mode couldn't be met"), { response: '{"caption":"a"}' });
    const chat = startChat(ai);
    const model = captioner(`workers-ai/${MODEL}`, async (_, { signal }) =>
      caption((await chat({ ...question, schema }, signal)).text),
    );
    expect(await runnerOf([model], world).run("caption", {})).toMatchObject({ caption: '{"caption":"a"}' });
    expect(ai.asked.map(({ input }) => input.response_format)).toEqual([
      { type: "json_schema", json_schema: schema.schema },
      { type: "json_object" },
    ]);
    expect(JSON.stringify(ai.asked[1]?.input.messages)).toContain("It must satisfy this JSON Schema");
  });

  test.each([["5007: No such model"], ["3006: Request is too large"], ["3040: No more data centers"]])(
    "does not blame the schema when the binding throws %j",
    async (message) => {
      const ai = scriptedAi(new Error(message));
      await expect(startChat(ai)({ ...question, schema }, unbound())).rejects.toMatchObject({ changes: null });
    },
  );
});

test("chat by the binding tells the tokens of either form of reply", async () => {
  const usage = { prompt_tokens: 12, completion_tokens: 3 };
  const completion = { choices: [{ message: { content: "hi" } }], usage };
  for (const reply of [completion, { response: "hi", usage }]) {
    const told: unknown[] = [];
    const chat = createChat(MODEL, workersAiSend(scriptedAi(reply)));
    await chat(question, unbound(), {}, (used) => told.push(used));
    expect(told).toEqual([{ inputTokens: 12, outputTokens: 3 }]);
  }
});
