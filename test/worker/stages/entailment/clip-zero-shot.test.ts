import { describe, expect, test } from "vitest";
import { toBase64 } from "../../../../src/image/data-url.ts";
import { LINKED } from "../../../support/picture-ref.ts";
import { startModel } from "../harness.ts";

const BYTES = btoa("\u0089PNG\r\n\u001a\n");
const input = {
  image: `data:image/png;base64,${BYTES}`,
  entities: [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman\u0007 in orange" }],
};
const ENTRY = "huggingface:test/clip";
const scores = (expression: number, neutral: number) => [
  { label: "something else", score: neutral },
  { label: "a woman in orange", score: expression },
];
const start = (reply: unknown, calibrations = new Map<string, { slope: number; intercept: number }>()) =>
  startModel("entailment", ENTRY, { replies: { "huggingface ": [reply] } }, { calibrations });

test("sends the picture with both labels in one request, and reads the expression's score", async () => {
  const { run, calls, model } = await start(scores(0.8, 0.2));
  expect(model).toMatchObject({ batch: 1, takesLinks: false, promptVersion: "clip-1" });
  expect(await run(input)).toEqual({
    model: "clip",
    version: "unversioned",
    judgements: [{ id: "e1", visible: true, score: 0.8, method: "clip-zero-shot", calibrated: false, reason: null }],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call?.headers).toMatchObject({ authorization: "Bearer t0ken" });
  expect(call?.body).toEqual({
    inputs: { image: BYTES },
    parameters: { candidate_labels: ["a woman in orange", "something else"], hypothesis_template: "a photo of {}." },
  });
});

test.each([
  [scores(0.2, 0.8), false, 0.2],
  // SigLIP's scores are sigmoids, and do not add up to 1.
  [scores(0.03, 0.001), false, 0.03],
  [scores(0.7, 0.6), true, 0.7],
])("takes the expression's own score of %j", async (reply, visible, score) => {
  const { run } = await start(reply);
  expect((await run(input)).judgements[0]).toMatchObject({ visible, score, calibrated: false });
});

test("calibrates the score when constants were fitted for this entry and prompt (Platt, 1999)", async () => {
  const constants = { slope: 1, intercept: 4 };
  const calibrated = await start(scores(0.03, 0.001), new Map([[`${ENTRY}#clip-1`, constants]]));
  const odds = (0.03 / 0.97) * Math.exp(4);
  expect((await calibrated.run(input)).judgements[0]).toMatchObject({
    visible: true,
    score: expect.closeTo(odds / (1 + odds), 9),
    calibrated: true,
  });
  const other = await start(scores(0.03, 0.001), new Map([["huggingface:test/siglip#clip-1", constants]]));
  expect((await other.run(input)).judgements[0]).toMatchObject({ visible: false, score: 0.03, calibrated: false });
});

test("sends 40 words when the expression has more", async () => {
  const words = Array.from({ length: 60 }, (_, index) => `w${index}`);
  const { run, calls } = await start(scores(0.8, 0.2));
  await run({ ...input, entities: [{ id: "e1", expression: words.join(" ") }] }).catch(() => undefined);
  expect((await calls())[0]?.body).toMatchObject({
    parameters: { candidate_labels: [words.slice(0, 40).join(" "), "something else"] },
  });
});

describe("an invalid output", () => {
  test.each([
    ["an object", { label: "a woman in orange", score: 0.8 }],
    ["an empty list", []],
    ["other labels", [{ label: "a dog", score: 1 }]],
    ["a score as text", [{ label: "a woman in orange", score: "0.8" }]],
    ["a score above 1", scores(1.7, 0)],
    ["lists of labels and scores", { labels: ["a woman in orange"], scores: [0.8] }],
  ])("is refused, with constants too, when it is %s", async (_, reply) => {
    const { run } = await start(reply);
    await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
    const fitted = await start(reply, new Map([[`${ENTRY}#clip-1`, { slope: 1, intercept: 0 }]]));
    await expect(fitted.run(input)).rejects.toMatchObject({ code: "invalid_output" });
  });
});

test("sends the bytes when the picture has a link", async () => {
  const { run, calls } = await start(scores(0.8, 0.2));
  await run({ ...input, image: "https://namesight.test/p" });
  expect((await calls())[0]?.body).toMatchObject({ inputs: { image: toBase64(LINKED.bytes) } });
});
