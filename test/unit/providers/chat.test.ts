import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChatAnswer, type ChatQuestion, createChat, type SendChat } from "../../../src/providers/chat.ts";
import { StageError } from "../../../src/providers/stage-error.ts";

const signal = new AbortController().signal;
const question: ChatQuestion = {
  messages: [{ role: "user", content: "?" }],
  maximumTokens: 20,
  schema: { name: "answer", schema: { type: "object" } },
  alternatives: 0,
};
const reply: ChatAnswer = { reply: { choices: [{ finish_reason: "stop", message: { content: "{}" } }] } };
const refused = (text = "no", status = 400): ChatAnswer => ({
  error: new StageError("rejected", "rejected the request"),
  status,
  text,
});

const formOf = (body: Record<string, unknown>) =>
  (body.response_format as { type?: string } | undefined)?.type ?? "text";

/** A chat whose requests a test answers one by one, and the response format of each request. */
function manual() {
  const forms: string[] = [];
  const pending: Array<(answer: ChatAnswer) => void> = [];
  const send: SendChat = (body) => {
    forms.push(formOf(body));
    return new Promise((resolve) => pending.push(resolve));
  };
  const chat = createChat("m", send);
  return {
    forms,
    ask: () =>
      chat(question, signal).then(
        () => null,
        (error: StageError) => error,
      ),
    answer: (index: number, answer: ChatAnswer) => pending[index]?.(answer),
  };
}

/** A chat that is answered in order, and the response format of each request. */
function scripted(...answers: ChatAnswer[]) {
  const forms: string[] = [];
  const chat = createChat("m", async (body) => {
    forms.push(formOf(body));
    return answers[forms.length - 1] ?? reply;
  });
  return {
    forms,
    ask: () =>
      chat(question, signal).then(
        () => null,
        (error: StageError) => error,
      ),
  };
}

describe("a chat's dialect", () => {
  test("stays simpler when a request in the simpler dialect has succeeded", async () => {
    const { ask, forms } = scripted(refused(), reply);
    expect(await ask()).toMatchObject({ retryable: true, retryAfterMs: 0, changes: {} });
    await ask();
    await ask();
    expect(forms).toEqual(["json_schema", "json_object", "json_object"]);
  });

  test("is the full one again when every simpler dialect was refused too", async () => {
    const { ask, forms } = scripted(refused(), refused(), refused());
    expect((await ask())?.changes).toEqual({});
    expect((await ask())?.changes).toEqual({});
    expect(await ask()).toMatchObject({ retryable: false, changes: null });
    await ask();
    expect(forms).toEqual(["json_schema", "json_object", "text", "json_schema"]);
  });

  test("stays on trial when the trial meets a rate limit", async () => {
    const limited: ChatAnswer = { error: new StageError("rate_limited", "later"), status: 429, text: "" };
    const { ask, forms } = scripted(refused(), limited, reply);
    await ask();
    expect(await ask()).toMatchObject({ code: "rate_limited", changes: null });
    await ask();
    await ask();
    expect(forms).toEqual(["json_schema", "json_object", "json_object", "json_object"]);
  });

  test("is the full one again when the trial's reply was truncated", async () => {
    const truncated: ChatAnswer = { reply: { choices: [{ finish_reason: "length", message: { content: "{" } }] } };
    const { ask, forms } = scripted(refused(), truncated, reply);
    await ask();
    expect(await ask()).toMatchObject({ code: "truncated" });
    await ask();
    expect(forms).toEqual(["json_schema", "json_object", "json_schema"]);
  });

  test("stays full for the others when one question is refused whatever its dialect", async () => {
    const forms: string[] = [];
    const [long, short] = [{}, {}];
    let asksTooMuch = true;
    const chat = createChat("m", async (body) => {
      forms.push(formOf(body));
      return asksTooMuch ? refused() : reply;
    });
    await chat(question, signal, long).catch(() => undefined);
    asksTooMuch = false;
    await chat(question, signal, short);
    asksTooMuch = true;
    await chat(question, signal, long).catch(() => undefined);
    asksTooMuch = false;
    await chat(question, signal, {});
    expect(forms).toEqual(["json_schema", "json_schema", "json_object", "json_schema"]);
  });

  test("does not change when a content filter refuses", async () => {
    const { ask, forms } = scripted(refused('{"code":"content_filter"}'), reply);
    expect(await ask()).toMatchObject({ code: "refused", changes: null });
    await ask();
    expect(forms).toEqual(["json_schema", "json_schema"]);
  });

  test("becomes simpler by one step when ten requests at once are refused", async () => {
    const { ask, answer, forms } = manual();
    const first = Array.from({ length: 10 }, ask);
    for (let index = 0; index < 10; index++) answer(index, refused());
    for (const error of await Promise.all(first)) expect(error?.changes).toEqual({});
    const second = Array.from({ length: 10 }, ask);
    for (let index = 10; index < 20; index++) answer(index, reply);
    expect(await Promise.all(second)).toEqual(Array(10).fill(null));
    expect(new Set(forms.slice(10))).toEqual(new Set(["json_object"]));
  });

  test("does not change when a request in an older dialect is refused late", async () => {
    const { ask, answer, forms } = manual();
    const late = ask();
    const early = ask();
    answer(1, refused());
    await early;
    const trial = ask();
    answer(2, reply);
    await trial;
    answer(0, refused());
    expect((await late)?.changes).toEqual({});
    ask();
    expect(forms.at(-1)).toBe("json_object");
  });

  test("does not change when a request in an older dialect succeeds late", async () => {
    const { ask, answer, forms } = manual();
    const late = ask();
    const early = ask();
    answer(1, refused());
    await early;
    answer(0, reply);
    expect(await late).toBeNull();
    ask();
    expect(forms.at(-1)).toBe("json_object");
  });

  test("ends at one that the host accepts, in at most two refusals a host, in any order of answers", async () => {
    const forms = ["json_schema", "json_object", "text"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...forms), fc.integer({ min: 1, max: 6 }), async (accepted, parallel) => {
        const least = forms.indexOf(accepted);
        const chat = createChat("m", async (body) => (forms.indexOf(formOf(body)) < least ? refused() : reply));
        const askUntilAnswered = async (): Promise<number> => {
          for (let refusals = 0; ; refusals++) {
            const error = await chat(question, signal).then(
              () => null,
              (thrown: StageError) => thrown,
            );
            if (!error) return refusals;
            expect(error.changes).toEqual({});
          }
        };
        const refusals = await Promise.all(Array.from({ length: parallel }, askUntilAnswered));
        expect(Math.max(...refusals)).toBe(least);
        expect(await askUntilAnswered()).toBe(0);
      }),
    );
  });
});

describe("a chat", () => {
  test("asks for the smaller number of alternatives when a host names top_logprobs", async () => {
    const asked: unknown[] = [];
    const chat = createChat("m", async ({ top_logprobs }) => {
      asked.push(top_logprobs);
      return asked.length === 1 ? refused("top_logprobs must be at most 5") : reply;
    });
    const ask = () => chat({ ...question, schema: null, alternatives: 20 }, signal).catch(() => undefined);
    await ask();
    await ask();
    expect(asked).toEqual([20, 5]);
  });

  test.each([401, 404, 429, 503])("is not asked in another way after a %i", async (status) => {
    const { ask } = scripted(refused("response_format", status));
    expect((await ask())?.changes).toBeNull();
  });
});
