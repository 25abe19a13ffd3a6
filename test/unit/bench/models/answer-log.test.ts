import { expect, test } from "vitest";
import { answerLog } from "../../../../bench/models/answer-log.ts";

test("notes when a model answered a question about a numbered post", () => {
  let now = 5;
  const log = answerLog(() => now++);
  log.note("mner", '{"text":"Ada Lovelace at the fair 0000000012"}');
  log.note("mner", '{"text":"Ada Lovelace"}');
  log.note("expansion", '{"text":"0000000013","entities":[]}');
  expect(log.all()).toEqual([
    { model: "mner", number: 12, at: 5 },
    { model: "expansion", number: 13, at: 6 },
  ]);
});

test("keeps the last thousand", () => {
  const log = answerLog(() => 0);
  for (let number = 0; number < 1_005; number++) log.note("mner", String(number).padStart(10, "0"));
  expect(log.all()).toHaveLength(1_000);
  expect(log.all()[0]?.number).toBe(5);
});
