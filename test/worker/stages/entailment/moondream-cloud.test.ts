import { expect, test } from "vitest";
import type { Usage } from "../../../../src/providers/usage.ts";
import { startModel } from "../harness.ts";
import { HOSTS } from "../moondream-hosts.ts";

const { entry, key, path, field, text, tokens, takesLinks, image, auth } = HOSTS.cloud;
const input = {
  image,
  size: { width: 20, height: 12 },
  entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in a suit" }],
};
const start = (...answers: unknown[]) =>
  startModel("entailment", entry("query"), { replies: { [key("query")]: answers } });
const answer = (words: unknown) => ({ finish_reason: "stop", [text.query]: words, ...tokens });

test("asks one question without reasoning and reads yes", async () => {
  const { run, calls, model } = await start(answer("Yes."));
  expect(model).toMatchObject({ batch: 1, takesLinks, promptVersion: "moondream-seen-1" });
  const spent: Usage[] = [];
  expect(await run(input, { spent: (usage) => spent.push(usage) })).toEqual({
    model: entry("query").split("test/")[1],
    version: "unversioned",
    judgements: [{ id: "e1", visible: true, score: null, method: "moondream-query", calibrated: false, reason: null }],
  });
  expect(spent).toEqual([{ inputTokens: 740, outputTokens: 8 }]);
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ path: path("query"), headers: auth });
  expect(call?.body).toEqual({
    image_url: image,
    [field.query]: 'Can "a woman in a suit" be seen in this picture? Answer yes or no.',
    reasoning: false,
    stream: false,
    settings: { temperature: 0, max_tokens: 16 },
  });
});

test.each([
  ["No", false, null],
  ["It may be her.", null, "undecided"],
])("reads %s", async (words, visible, reason) => {
  const { run } = await start(answer(words));
  expect((await run(input)).judgements).toMatchObject([{ visible, score: null, reason }]);
});

test("reports a call without tokens where the answer has none", async () => {
  const { run } = await start({ [text.query]: "Yes" });
  const spent: Usage[] = [];
  await run(input, { spent: (usage) => spent.push(usage) });
  expect(spent).toEqual([{}]);
});

test.each([[{}], [null], [answer(7)], [answer("")], ["Yes"]])(
  "throws an invalid_output for an answer of another form: %#",
  async (output) => {
    const { run } = await start(output);
    await expect(run(input)).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  },
);
