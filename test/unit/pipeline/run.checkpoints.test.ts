import { expect, test } from "vitest";
import { JobCheckpoints } from "../../../src/jobs/checkpoints.ts";
import { createTables } from "../../../src/jobs/tables.ts";
import { foldEvents } from "../../../src/pipeline/fold.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const PRICE = { call: 600_000_000 };
const ENTITIES = ["e1", "e2", "e3"].map((id) => ({ id, text: id, type: "PER" }));

/** Processes of one run, whose model takes one entity a call and answers the given number of times. */
function processes() {
  const database = new NodeDatabase();
  createTables(database);
  const asked: string[] = [];
  const run = (answers: number, maximumCost: number | null = null) => {
    let left = answers;
    const model = modelOf<"expansion">(
      async ({ entities }) => {
        if (left-- <= 0) return new Promise(() => undefined);
        asked.push(...entities.map(({ id }) => id));
        return { expressions: entities.map(({ id }) => ({ id, text: `the ${id}`, method: "template" })) };
      },
      { batch: 1, price: PRICE },
    );
    const checkpoints = new JobCheckpoints(database, "req_a", () => undefined);
    const work = inRun(
      deploymentOf({ expansion: [model] }),
      async (started) => {
        const output = await started.stages.run("expansion", { text: "a post", entities: ENTITIES } as never);
        const expressions = output?.expressions.map(({ id }) => id).toSorted();
        return { expressions, stages: [...foldEvents(started.events).stages] };
      },
      { checkpoints, maximumCost, store: true },
    );
    return answers < ENTITIES.length ? Promise.race([work, new Promise((resolve) => setImmediate(resolve))]) : work;
  };
  return { asked, run };
}

test("a later process asks what is left, and its record of the model counts every attempt and all the money", async () => {
  const { asked, run } = processes();
  await run(2);
  const found = await run(3);
  expect(asked.toSorted()).toEqual(["e1", "e2", "e3"]);
  const stages = [{ stage: "expansion", attempts: 3, cost_usd: "1.8" }];
  expect(found).toMatchObject({ expressions: ["e1", "e2", "e3"], stages });
});

test("max_cost_usd counts what earlier processes spent", async () => {
  const { asked, run } = processes();
  await run(2, 1_500_000_000);
  await run(3, 1_500_000_000);
  expect(asked.length).toBe(2);
});
