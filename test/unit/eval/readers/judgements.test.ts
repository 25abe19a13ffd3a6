import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readJudgements } from "../../../../eval/readers/judgements.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const file = (text: string) => {
  const path = join(folderOf({}), "answers.jsonl");
  writeFileSync(path, text);
  return path;
};
const visibility = { score: 0.25, method: "ofa-ve", calibrated: false, evidence: null, reason: null };
const answer = {
  entities: [
    { id: "e1", mentions: [{}, {}], visibility },
    { id: "e2", mentions: [{}], visibility: { ...visibility, score: null } },
  ],
  stages: [
    { stage: "mner", model: "bert", version: "1", provider: "cog" },
    { stage: "entailment", model: "ofa", version: "1.1", provider: "cog" },
    { stage: "entailment", model: "cog:gpu/clip", version: null, provider: "cog" },
  ],
};
const judged = { score: 0.25, method: "ofa-ve", calibrated: false };

test("reads the judgement of each mention, and the models that answered", async () => {
  const mentions = [
    { entity: 0, visibility: judged },
    { entity: 0, visibility: judged },
    { entity: 1, visibility: { ...judged, score: null } },
  ];
  const expected = { mentions, models: ["cog/ofa 1.1"] };
  expect(await readJudgements(file(JSON.stringify(answer)))).toEqual([expected]);
  const lines = [
    { id: "7", answer },
    { id: "8", answer: null },
  ];
  expect(await readJudgements(file(lines.map((line) => JSON.stringify(line)).join("\n")))).toEqual([
    expected,
    { mentions: [], models: [] },
  ]);
});

test.each([
  ['{"entities": []}', "answer 1 is none of the API's: stages: "],
  ['{"answer": {"entities": []}}', "answer 1 is none of the API's: answer.stages: "],
  [
    '{"answer": {"entities": [{"mentions": [], "visibility": {"score": 2}}], "stages": []}}',
    "answer 1 is none of the API's: answer.entities.0.visibility.score: ",
  ],
  ["{\n", "line 1 is no JSON"],
])("refuses %s with its place and the file", async (text, reason) => {
  await expect(readJudgements(file(text))).rejects.toThrow(reason);
  await expect(readJudgements(file(text))).rejects.toThrow("answers.jsonl: ");
});

test("reads answers with a byte order mark", async () => {
  expect(await readJudgements(file(`\ufeff${JSON.stringify(answer)}\n`))).toEqual(
    await readJudgements(file(JSON.stringify(answer))),
  );
});
