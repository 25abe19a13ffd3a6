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

test("asks one question and makes the score from the first token's log-probabilities", async () => {
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

test("takes linear time when a token has 300,000 characters", async () => {
  const token = `a${"1".repeat(300_000)}b`;
  expect(await judged(completion("Yes", firstToken({ [token]: 0.9 })))).toMatchObject({
    visible: true,
    method: "vlm-answer",
    score: null,
  });
});

test("asks about the expression alone when the entity has no name", async () => {
  const { run, calls } = await start(completion("No"));
  await run({ image: IMAGE, entities: [{ id: "e1", expression: "a woman in orange" }] });
  expect(chatsOf(await calls())[0]?.messages.at(-1)?.content).toEqual([
    { type: "image_url", image_url: { url: IMAGE } },
    { type: "text", text: 'Description: "a woman in orange"\nCan this be seen in the picture? Answer Yes or No.' },
  ]);
});

describe("the score", () => {
  test.each<[likelihoods: Record<string, number>, score: number]>([
    [{ Yes: 0.6, " yes": 0.1, YES: 0.05, "Yes.": 0.05, No: 0.1, ĠNo: 0.05, "▁no": 0.05 }, 0.8],
    [{ "**Yes": 0.3, '"No"': 0.3 }, 0.5],
    [{ No: 0.9, Nope: 0.05, Yesterday: 0.05 }, 0],
    [{ Yes: 1 }, 1],
    // Longer words that begin with yes or no count as neither.
    [{ Yes: 0.3, Not: 0.4, None: 0.1, Ye: 0.1, No: 0.1 }, 0.75],
  ])("of %j is the share of yes among yes and no: %d", async (likelihoods, score) => {
    const judgement = await judged(completion("Yes", firstToken(likelihoods)));
    expect(judgement).toMatchObject({ visible: score >= 0.5, method: "vlm-logprobs", calibrated: false, reason: null });
    expect(judgement?.score).toBeCloseTo(score, 9);
  });

  test("is null when the log-probabilities of yes and no are -9999, as some hosts write zero", async () => {
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

  test("is calibrated when constants were fitted for this entry and prompt (Platt, 1999)", async () => {
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

describe("a first token that is neither yes nor no", () => {
  test.each<[what: string, text: string, likelihoods: Record<string, number>, verdict: object]>([
    [
      "has other words,",
      "The",
      { The: 0.9, A: 0.1 },
      { visible: null, score: null, method: "vlm-logprobs", reason: "undecided" },
    ],
    [
      "has unfinished reasoning",
      "<think>\nOkay, so",
      { "<think>": 0.999, Yes: 0.0005, No: 0.0001 },
      { visible: null, reason: "undecided" },
    ],
    [
      "has finished reasoning",
      "<think></think>No",
      { "<think>": 1 },
      { visible: false, score: null, method: "vlm-answer", reason: null },
    ],
    ["has emphasis", "**Yes**", { "**": 1 }, { visible: true, score: null, method: "vlm-answer" }],
    // A refusal is not a no, although no is likelier than yes.
    [
      "is a refusal",
      "I'm sorry, but I can",
      { I: 0.99, No: 0.008, Yes: 0.002 },
      { visible: null, score: null, reason: "refused" },
    ],
  ])("gives the verdict of the text when the reply %s", async (_, text, likelihoods, verdict) => {
    expect(await judged(completion(text, firstToken(likelihoods)))).toMatchObject({ ...verdict, calibrated: false });
  });
});

describe("a host that returns no log-probabilities", () => {
  test.each<[text: string, visible: boolean | null, reason: string | null]>([
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
  ])("gives of the reply %j the verdict %s without a score", async (text, visible, reason) => {
    const verdict = { id: "e1", visible, score: null, method: "vlm-answer", calibrated: false, reason };
    expect(await judged(completion(text))).toEqual(verdict);
    // Some hosts leave out the alternatives, and some the tokens.
    expect(
      await judged(completion(text, { logprobs: { content: [{ token: text, logprob: 0, top_logprobs: [] }] } })),
    ).toEqual(verdict);
    expect(await judged(completion(text, { logprobs: { content: null } }))).toEqual(verdict);
  });

  test("is asked without log-probabilities when it refused them", async () => {
    const { run, calls } = await startModel("entailment", "openai:test/vlm", {
      replies: { "chat vlm": [completion("Yes", { finish_reason: "length" })] },
      refusals: [
        { operation: "chat", has: "logprobs", status: 400, body: '{"error":{"message":"logprobs are not supported"}}' },
      ],
    });
    const { changes } = await failureOf(run(INPUT));
    expect((await run(INPUT, { changes })).judgements).toMatchObject([
      { visible: true, score: null, method: "vlm-answer" },
    ]);
    expect(chatsOf(await calls()).map(({ logprobs }) => logprobs ?? null)).toEqual([true, null]);
  });
});

test.each([
  ["a content filter", completion(null, { finish_reason: "content_filter" })],
  ["the model", completion(null, {}, { refusal: "I cannot." })],
])("gives a null verdict when the content is refused by %s", async (_, reply) => {
  expect(await judged(reply)).toEqual({
    id: "e1",
    visible: null,
    score: null,
    method: "vlm-answer",
    calibrated: false,
    reason: "refused",
  });
});

test("gives a null verdict when the request is refused with a content policy error", async () => {
  const { run } = await startModel("entailment", "openai:test/vlm", {
    faults: { chat: [{ kind: "status", status: 400, body: '{"error":{"code":"content_policy_violation"}}' }] },
  });
  expect((await run(INPUT)).judgements).toMatchObject([{ id: "e1", visible: null, reason: "refused" }]);
});

test.each([
  ["an empty text", completion(""), "unreadable"],
  ["an empty text at the token limit", completion("", { finish_reason: "length" }), "truncated"],
  ["something other than a completion", { answer: "yes" }, "unreadable"],
  [
    "log-probabilities of another form",
    completion("Yes", { logprobs: { content: [{ top_logprobs: { Yes: -0.1 } }] } }),
    "unreadable",
  ],
])("throws a StageError when the reply is %s", async (_, reply, code) => {
  const { run } = await start(reply);
  await expect(run(INPUT)).rejects.toMatchObject({ code });
});
