import { describe, expect, test } from "vitest";
import type { Fault } from "../../support/hosted/script.ts";
import { operationsOf, runPrediction, shown, startReplicate } from "./replicate-world.ts";
import { NOW } from "./start.ts";

describe("polls", () => {
  test("go on when some of them fail", async () => {
    const stumbles: Fault[] = [
      { kind: "status", status: 500 },
      { kind: "status", status: 429, headers: { "retry-after": "3" } },
      { kind: "reset" },
      { kind: "cut" },
      { kind: "status", status: 200, body: "<html>" },
    ];
    const world = await startReplicate({ "replicate.create": [shown("processing")], "replicate.get": stumbles });
    expect(await runPrediction(world)).toMatchObject({ output: "words" });
    expect(await operationsOf(world)).toEqual(["create", ...Array(6).fill("get")]);
    expect(world.waits).toContain(3_000);
  });

  test("end, and the prediction is canceled, when one is refused", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.get": [{ kind: "status", status: 401 }],
    });
    await expect(runPrediction(world)).rejects.toMatchObject({ code: "unauthorized", retryable: false });
    expect(await operationsOf(world)).toEqual(["create", "get", "cancel"]);
  });

  test.each([
    [0, [250, 375, 562.5]],
    [1 - Number.EPSILON, [500, 750, 1125]],
  ])("come after 0.5 to 5 seconds, growing and with jitter (chance %d)", async (chance, first) => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.get": Array(12).fill(shown("processing")),
    });
    await runPrediction({ ...world, chance: () => chance }, { deadline: NOW + 120_000 });
    expect(world.waits.slice(0, 3).map((wait) => Math.round(wait * 2) / 2)).toEqual(first);
    expect(world.waits.at(-1)).toBeCloseTo((5_000 / 2) * (1 + chance));
    expect(Math.max(...world.waits)).toBeLessThanOrEqual(5_000);
  });

  test("end at the deadline, and the prediction is canceled", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("starting")],
      "replicate.get": Array(100).fill(shown("processing")),
    });
    await expect(runPrediction(world)).rejects.toMatchObject({ code: "timeout" });
    expect(world.clock()).toBe(NOW + 30_000);
    const met = await operationsOf(world);
    expect(met.length).toBeLessThan(30);
    expect(met.at(-1)).toBe("cancel");
  });

  test("end, and the prediction is canceled, when one shows another prediction", async () => {
    const world = await startReplicate({
      "replicate.create": [shown("processing")],
      "replicate.get": [shown("succeeded", { id: "p9", output: "other" })],
    });
    await expect(runPrediction(world)).rejects.toMatchObject({ code: "unreadable", retryable: false });
    expect(await operationsOf(world)).toEqual(["create", "get", "cancel"]);
  });
});
