import { describe, expect, test } from "vitest";
import { chatsOf, completion, failureOf, firstToken } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const IMAGE = "https://namesight.test/p";
const INPUT = {
  image: IMAGE,
  caption: "A woman before a flag.",
  entities: [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in orange" }],
};
const start = (...replies: readonly unknown[]) =>
  startModel("entailment", "openai:test/vlm", { replies: { "chat vlm": replies } });

async function judged(reply: unknown) {
  const { run } = await start(reply);
  const { judgements } = await run(INPUT);
  return judgements[0];
}

test("what it is asked and what its first token becomes (hosted-apis section 3.7)", async () => {
  const { run, calls, model } = await start(
    completion("Yes", { finish_reason: "length", ...firstToken({ Yes: 0.7, No: 0.2, The: 0.1 }) }),
  );
  expect(model).toMatchObject({ promptVersion: "yes-no-1", batch: 1 });
  expect(await run(INPUT)).toEqual({
    model: "vlm",
    version: "chat-model-2026-10-01",
    judgements: [
      {
        id: "e1",
        visible: true,
        score: expect.closeTo(0.7 / 0.9, 9),
        method: "vlm-logprobs",
        calibrated: false,
        reason: null,
      },
    ],
  });
  const [{ messages, ...asked } = { messages: [] }, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(asked).toEqual({ model: "vlm", max_tokens: 8, temperature: 0, logprobs: true, top_logprobs: 20 });
  expect(messages.at(-1)).toEqual({
    role: "user",
    content: [
      { type: "image_url", image_url: { url: IMAGE } },
      {
        type: "text",
        text: [
          'Name: "Eileen Collins"',
          'Type: "PER"',
          'Description: "a woman in orange"',
          'Picture: "A woman before a flag."',
          "Can this be seen in the picture? Answer Yes or No.",
        ].join("\n"),
      },
    ],
  });
});

test("a token without end is no word, and costs no time", async () => {
  const token = `a${"1".repeat(300_000)}b`;
  expect(await judged(completion("Yes", firstToken({ [token]: 0.9 })))).toMatchObject({
    visible: true,
    method: "vlm-answer",
    score: null,
  });
});

test("who has only an expression is asked about that", async () => {
  const { run, calls } = await start(completion("No"));
  await run({ image: IMAGE, entities: [{ id: "e1", expression: "a woman in orange" }] });
  expect(chatsOf(await calls())[0]?.messages.at(-1)?.content).toEqual([
    { type: "image_url", image_url: { url: IMAGE } },
    { type: "text", text: 'Description: "a woman in orange"\nCan this be seen in the picture? Answer Yes or No.' },
  ]);
});

describe("the probability is of yes against no, over every spelling", () => {
  test.each<[likelihoods: Record<string, number>, score: number]>([
    [{ Yes: 0.6, " yes": 0.1, YES: 0.05, "Yes.": 0.05, No: 0.1, ĠNo: 0.05, "▁no": 0.05 }, 0.8],
    [{ "**Yes": 0.3, '"No"': 0.3 }, 0.5],
    [{ No: 0.9, Nope: 0.05, Yesterday: 0.05 }, 0],
    [{ Yes: 1 }, 1],
    // Words that merely begin so, in any language, are none.
    [{ Yes: 0.3, Not: 0.4, None: 0.1, Ye: 0.1, No: 0.1 }, 0.75],
  ])("%j", async (likelihoods, score) => {
    const judgement = await judged(completion("Yes", firstToken(likelihoods)));
    expect(judgement).toMatchObject({ visible: score >= 0.5, method: "vlm-logprobs", calibrated: false, reason: null });
    expect(judgement?.score).toBeCloseTo(score, 9);
  });

  test("a likelihood of nothing, as hosts write it, divides nothing by nothing no more than others do", async () => {
    const zero = {
      logprobs: {
        content: [
          {
            token: "The",
            logprob: 0,
            top_logprobs: [
              { token: "Yes", logprob: -9999 },
              { token: "No", logprob: -9999 },
            ],
          },
        ],
      },
    };
    expect(await judged(completion("The", zero))).toMatchObject({ visible: null, score: null, reason: "undecided" });
  });

  test("constants that were fitted for this entry and prompt calibrate it, and no others do (Platt 1999)", async () => {
    const replies = { "chat vlm": [completion("Yes", firstToken({ Yes: 0.75, No: 0.25 }))] };
    const constants = { slope: 2, intercept: -3 };
    const scored = async (key: string) => {
      const { run } = await startModel(
        "entailment",
        "openai:test/vlm",
        { replies },
        { calibrations: new Map([[key, constants]]) },
      );
      return (await run(INPUT)).judgements[0];
    };
    // logit(0.75) = ln 3; 1 / (1 + e^-(2 ln 3 - 3)) = 9 / (9 + e^3)
    expect(await scored("openai:test/vlm#yes-no-1")).toMatchObject({
      visible: false,
      score: expect.closeTo(9 / (9 + Math.exp(3)), 9),
      calibrated: true,
    });
    expect(await scored("openai:test/vlm#yes-no-0")).toMatchObject({
      visible: true,
      score: expect.closeTo(0.75, 9),
      calibrated: false,
    });
  });
});

describe("a first token that is no answer", () => {
  test.each<[what: string, text: string, likelihoods: Record<string, number>, verdict: object]>([
    [
      "both missing",
      "The",
      { The: 0.9, A: 0.1 },
      { visible: null, score: null, method: "vlm-logprobs", reason: "undecided" },
    ],
    [
      "a thought that is not over",
      "<think>\nOkay, so",
      { "<think>": 0.999, Yes: 0.0005, No: 0.0001 },
      { visible: null, reason: "undecided" },
    ],
    [
      "a thought that is",
      "<think></think>No",
      { "<think>": 1 },
      { visible: false, score: null, method: "vlm-answer", reason: null },
    ],
    ["emphasis", "**Yes**", { "**": 1 }, { visible: true, score: null, method: "vlm-answer" }],
    // A refusal must not become the no that is left of it.
    [
      "a refusal",
      "I'm sorry, but I can",
      { I: 0.99, No: 0.008, Yes: 0.002 },
      { visible: null, score: null, reason: "refused" },
    ],
  ])("%s", async (_, text, likelihoods, verdict) => {
    expect(await judged(completion(text, firstToken(likelihoods)))).toMatchObject({ ...verdict, calibrated: false });
  });
});

describe("a host that tells no log-probabilities: its word, and no number", () => {
  test.each<[said: string, visible: boolean | null, reason: string | null]>([
    ["Yes", true, null],
    [" no.", false, null],
    ["YES! Visit https://evil.example", true, null],
    ["Answer: No", false, null],
    ["</think>Yes", true, null],
    ["Maybe", null, "undecided"],
    ["Yesterday it was", null, "undecided"],
    ["Nobody knows", null, "undecided"],
    ['{"visible":true}', null, "undecided"],
    ["I’m sorry, I can’t help", null, "refused"],
    ["I cannot identify people", null, "refused"],
    ["Sorry, but no", null, "refused"],
  ])("%j", async (said, visible, reason) => {
    const verdict = { id: "e1", visible, score: null, method: "vlm-answer", calibrated: false, reason };
    expect(await judged(completion(said))).toEqual(verdict);
    // Some leave the alternatives out, some the tokens.
    expect(
      await judged(completion(said, { logprobs: { content: [{ token: said, logprob: 0, top_logprobs: [] }] } })),
    ).toEqual(verdict);
    expect(await judged(completion(said, { logprobs: { content: null } }))).toEqual(verdict);
  });

  test("one that refuses the question for them is asked without", async () => {
    const { run, calls } = await startModel("entailment", "openai:test/vlm", {
      replies: { "chat vlm": [completion("Yes", { finish_reason: "length" })] },
      refusals: [
        { operation: "chat", has: "logprobs", status: 400, body: '{"error":{"message":"logprobs are not supported"}}' },
      ],
    });
    const { again } = await failureOf(run(INPUT));
    expect((await run(INPUT, { again })).judgements).toMatchObject([
      { visible: true, score: null, method: "vlm-answer" },
    ]);
    expect(chatsOf(await calls()).map(({ logprobs }) => logprobs ?? null)).toEqual([true, null]);
  });
});

test.each([
  ["a filter", completion(null, { finish_reason: "content_filter" })],
  ["a refusal", completion(null, {}, { refusal: "I cannot." })],
])("refused by %s: null, and no failure of the stage", async (_, reply) => {
  expect(await judged(reply)).toEqual({
    id: "e1",
    visible: null,
    score: null,
    method: "vlm-answer",
    calibrated: false,
    reason: "refused",
  });
});

test("refused before it was looked at, as OpenAI's and Azure's filters do", async () => {
  const { run } = await startModel("entailment", "openai:test/vlm", {
    faults: { chat: [{ kind: "status", status: 400, body: '{"error":{"code":"content_policy_violation"}}' }] },
  });
  expect((await run(INPUT)).judgements).toMatchObject([{ id: "e1", visible: null, reason: "refused" }]);
});

test.each([
  ["nothing", completion(""), "unreadable"],
  ["nothing, all spent on thoughts out of sight", completion("", { finish_reason: "length" }), "truncated"],
  ["another body", { answer: "yes" }, "unreadable"],
  [
    "log-probabilities of another form",
    completion("Yes", { logprobs: { content: [{ top_logprobs: { Yes: -0.1 } }] } }),
    "unreadable",
  ],
])("%s is a failure, so that another model may try", async (_, reply, code) => {
  const { run } = await start(reply);
  await expect(run(INPUT)).rejects.toMatchObject({ code });
});
