import { expect, test } from "vitest";
import type { StageName } from "../../../../schemas/stages/index.ts";
import { createProviderFetch } from "../../../../src/net/provider-fetch.ts";
import { readAddress } from "../../../../src/stages/address.ts";
import { createModel } from "../../../../src/stages/index.ts";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import { differences, type PublishedTask } from "../../../support/hosted/task-schemas.ts";
import { modelInputOf } from "../../../support/picture-ref.ts";

const open = hostForTests();
const NOW = Date.UTC(2026, 10, 24, 12);
const image = "data:image/png;base64,AQID";
const size = { width: 100, height: 100 };
const entities = [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in orange" }];

const completion = (content: string) => ({
  id: "c1",
  created: 1,
  model: "m",
  system_fingerprint: "fp",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** Every model file that uses a task: its request and the answer that it reads both keep the published schema. */
const USERS: readonly (readonly [PublishedTask, StageName, entry: string, input: object, answered: unknown])[] = [
  [
    "token-classification",
    "mner",
    "huggingface:test/tagger",
    { text: "Eileen Collins", labels: "gmner" },
    [{ entity_group: "PER", score: 0.99, word: "Eileen Collins", start: 0, end: 14 }],
  ],
  ["image-to-text", "caption", "huggingface:test/captioner", { image, size }, { generated_text: "a woman in orange" }],
  [
    "zero-shot-image-classification",
    "entailment",
    "huggingface:test/clip",
    { image, size, entities },
    [
      { label: "a woman in orange", score: 0.9 },
      { label: "something else", score: 0.1 },
    ],
  ],
  [
    "zero-shot-object-detection",
    "grounding",
    "huggingface:test/detector",
    { image, size, entities },
    [{ label: "a woman in orange", score: 0.8, box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 } }],
  ],
  ["chat-completion", "caption", "openai:test/m", { image, size }, completion("a woman in orange")],
  [
    "chat-completion",
    "mner",
    "openai:test/m",
    { text: "Eileen Collins", labels: "gmner" },
    completion('{"entities":[]}'),
  ],
  [
    "chat-completion",
    "expansion",
    "openai:test/m",
    { text: "Eileen Collins", entities },
    completion('{"expressions":[{"id":"e1","expression":"a woman in orange"}]}'),
  ],
  ["chat-completion", "entailment", "openai:test/m", { image, size, entities }, completion("Yes")],
];

test.each(USERS)("the published schema of %s is kept for %s by %s", async (task, stage, entry, input, answered) => {
  const session = await open({ replies: { "huggingface ": [answered], "chat m": [answered] } });
  const endpoint = session.at(entry.startsWith("openai") ? "chat/v1" : "huggingface");
  const variables: Record<string, string> = { ENDPOINT_TEST: endpoint, ENDPOINT_TEST_TOKEN: "t0ken" };
  const model = createModel(
    stage,
    readAddress(entry, (name) => variables[name] ?? ""),
    {
      fetch: createProviderFetch(new Set([session.base.origin])),
      clock: () => NOW,
      chance: () => 0,
      sleep: async () => undefined,
      download: async () => new Uint8Array(),
    },
  );
  const attempt = {
    signal: new AbortController().signal,
    deadline: NOW + 30_000,
    later: () => undefined,
    changes: null,
  };
  await model.run(modelInputOf<StageName>(input as never), attempt);
  const [call, ...more] = await session.calls();
  expect(more).toEqual([]);
  expect(differences(task, "output", answered)).toEqual([]);
  if (call?.base64) expect(call.headers["content-type"]).toBe("image/png");
  else expect(differences(task, "input", asPublished(task, call?.body))).toEqual([]);
});

/** The vendor's client sends the picture of this task in an object, and the schema has a string. */
function asPublished(task: PublishedTask, body: unknown): unknown {
  if (task !== "zero-shot-image-classification") return body;
  const { inputs, ...rest } = body as { inputs: { image: string } };
  return { ...rest, inputs: inputs.image };
}
