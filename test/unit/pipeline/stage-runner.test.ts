import { expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";
import { noTrace } from "../../../src/observe/tracing.ts";
import { StageRunner } from "../../../src/pipeline/stage-runner.ts";
import { StageError, type StageModel } from "../../../src/stages/model.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";
import { freshState, NO_MODELS } from "../../support/run.ts";
import { platformTimer } from "../../support/virtual-time.ts";

const OPTIONS = {
  signal: new AbortController().signal,
  emit: () => undefined,
  limit: createLimiter(),
  clock: () => 0,
  deadline: 1_000,
  sleep: async () => undefined,
  timer: platformTimer,
  trace: noTrace,
  chance: () => 0,
};
const IDS = ["e1", "e2", "e3", "e4", "e5"];

/** A model that writes down whom it is asked about, and fails where one of those is `bad`. */
function model(entry: string, batch: number, bad: readonly string[]) {
  const asked: string[][] = [];
  const run: StageModel<"expansion">["run"] = async ({ entities }) => {
    const ids = entities.map(({ id }) => id);
    asked.push(ids);
    if (ids.some((id) => bad.includes(id))) throw new StageError("failed", "does not accept the input");
    return {
      model: entry,
      version: "1",
      expressions: ids.map((id) => ({ id, text: `${entry} ${id}`, method: "llm" })),
    };
  };
  return {
    asked,
    model: {
      entry,
      provider: "cog",
      promptVersion: "1",
      batch,
      takesLinks: true,
      run,
    } satisfies StageModel<"expansion">,
  };
}

test("a picture is prepared by the first model or by none: the next is not asked, nor said to have answered", async () => {
  const asked: string[] = [];
  const segmenter = (
    entry: string,
    warms: boolean,
    run: StageModel<"segmentation">["run"],
  ): StageModel<"segmentation"> => ({
    ...{ entry, provider: "cog", promptVersion: "1", batch: 1, takesLinks: false, warms },
    run(...attempt) {
      asked.push(entry);
      return run(...attempt);
    },
  });
  const first = segmenter("first", true, () => Promise.reject(new StageError("failed", "does not accept the input")));
  const paid = segmenter("paid", false, async () => ({ model: "paid", version: "1", masks: [] }));
  const tools = {
    id: "req_test",
    ...OPTIONS,
    chains: { ...NO_MODELS, segmentation: [first, paid] },
    ...freshState(),
  };
  const picture = { bytes: new Uint8Array(1), type: "image/png", size: { width: 1, height: 1 }, orientation: 1 };
  const shown = new PictureRef(picture, { link: async () => null, atEnd: () => undefined });
  await new StageRunner(tools).prepare("segmentation", { boxes: [], warm: true }, shown);
  expect(asked).toEqual(["first"]);
  expect(tools.outcomes.of("segmentation").map(({ model, ok }) => [model, ok])).toEqual([["first", false]]);
});

async function run(...models: readonly StageModel<"expansion">[]) {
  const tools = { id: "req_test", ...OPTIONS, chains: { ...NO_MODELS, expansion: models }, ...freshState() };
  const entities = IDS.map((id) => ({ id, text: id, type: "PER" }));
  const output = await new StageRunner(tools).run("expansion", { text: "", entities });
  return Object.fromEntries(output?.expressions.map(({ id, text }) => [id, text]) ?? []);
}

test("the next model is asked about what the first did not answer, in as few calls as it can take that in", async () => {
  const [one, many] = [model("one", 1, ["e1", "e3", "e5"]), model("many", 2, [])];
  const answered = await run(one.model, many.model);
  expect(one.asked).toEqual(IDS.map((id) => [id]));
  expect(many.asked).toEqual([["e1", "e3"], ["e5"]]);
  expect(answered).toEqual({ e1: "many e1", e2: "one e2", e3: "many e3", e4: "one e4", e5: "many e5" });
});

test("and nobody is asked twice, nor after a success", async () => {
  const [many, one, last] = [
    model("many", Number.POSITIVE_INFINITY, ["e2"]),
    model("one", 1, ["e2"]),
    model("last", 3, []),
  ];
  await run(many.model, one.model, last.model);
  expect([many.asked, one.asked, last.asked]).toEqual([[IDS], IDS.map((id) => [id]), [["e2"]]]);
});

test("each part's answer is handed over as soon as it is there, whichever model gave it", async () => {
  const release = new Map<string, () => void>();
  const [one, many] = [model("one", 1, ["e3"]), model("many", 2, [])];
  const held: StageModel<"expansion"> = {
    ...one.model,
    async run(input, attempt) {
      const [entity] = input.entities;
      if (entity?.id === "e1") await new Promise<void>((resolve) => release.set("e1", resolve));
      return one.model.run(input, attempt);
    },
  };
  const chains = { ...NO_MODELS, expansion: [held, many.model] };
  const runner = new StageRunner({ id: "req_test", ...OPTIONS, chains, ...freshState() });
  const entities = ["e1", "e2", "e3"].map((id) => ({ id, text: id, type: "PER" }));
  const parts: string[][] = [];
  const answering = runner.run("expansion", { text: "", entities }, null, ({ expressions }) =>
    parts.push(expressions.map(({ text }) => text)),
  );
  while (!release.has("e1") || parts.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(parts).toEqual([["one e2"]]);
  release.get("e1")?.();
  await answering;
  expect(parts).toEqual([["one e2"], ["one e1"], ["many e3"]]);
});

test("what the first model was not sure of is asked of the others alone", async () => {
  const [first, second] = [model("a", 5, []), model("b", 5, [])];
  const chains = { ...NO_MODELS, expansion: [first.model, second.model] };
  const runner = new StageRunner({ ...OPTIONS, id: "req_test", chains, ...freshState() });
  const entities = [{ id: "e1", text: "Felix", type: "PER" }];
  const output = await runner.reconsider("expansion", { text: "Felix", entities });
  expect(output?.expressions.map(({ text }) => text)).toEqual(["b e1"]);
  expect([first.asked, second.asked]).toEqual([[], [["e1"]]]);
});
