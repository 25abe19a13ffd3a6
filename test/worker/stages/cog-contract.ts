import { describe, expect, test } from "vitest";
import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import type { StageError, StageInput, StageOutput } from "../../../src/stages/model.ts";
import { startModel } from "./harness.ts";

export interface CogContract<Name extends StageName> {
  /** With every field that the stage has. */
  readonly input: StageInput<Name>;
  /** What the container answers: the stage's output (schemas/stages). */
  readonly output: StageOutput<Name>;
  /** Outputs with one fault each, by the fault. */
  readonly wrong: Readonly<Record<string, object>>;
}

/**
 * Tests that a container which speaks a stage's contract is sent the stage's input and that its output is checked
 * (Cog's HTTP protocol: replicate/cog 0.22, docs/http.md).
 */
export function describeCog<Name extends StageName>(stage: Name, { input, output, wrong }: CogContract<Name>): void {
  const entry = `cog:test/${stage}`;
  const start = (answer: unknown, faults: Parameters<typeof startModel>[2]["faults"] = {}, at = entry) =>
    startModel<Name>(stage, at, { replies: { [`cog ${stage}`]: [answer] }, faults });

  describe(`a container for the stage ${stage}`, () => {
    test("is sent one request with the stage's input, and its output is returned", async () => {
      const { run, calls, model } = await start(output);
      expect(model).toMatchObject({
        provider: "cog",
        batch: Number.POSITIVE_INFINITY,
        takesLinks: "image" in STAGES[stage].input.shape,
        warms: true,
        promptVersion: "1",
      });
      expect(await run(input)).toEqual(output);
      const [call, ...more] = await calls();
      expect(more).toEqual([]);
      expect(call).toMatchObject({ method: "POST", path: `/cog/${stage}/predictions`, body: { input } });
      expect(call?.headers).toMatchObject({ authorization: "Bearer t0ken", "content-type": "application/json" });
      expect(call?.headers).not.toHaveProperty("prefer");
    });

    test("has fields beyond the contract left out of its output", async () => {
      const { run } = await start({ ...output, extra: "field" });
      expect(await run(input)).toEqual(output);
    });

    const names = {
      "a sentence as the model's name": { ...output, model: "the post says a secret" },
      "a path as the model's name": { ...output, model: "/home/operator/secret.gguf" },
      "a version of a million characters": { ...output, version: "1".repeat(1_000_000) },
    };
    test.each(Object.entries({ "an empty object": {}, "a string": "text", null: null, ...names, ...wrong }))(
      "is an invalid_output that quotes nothing when it answers %s",
      async (_, answer) => {
        const { run } = await start(answer);
        const error = await run(input).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: "StageError",
          code: "invalid_output",
          detail: expect.not.stringContaining("secret"),
        });
        // The example of a valid output is the longest part.
        expect((error as StageError).detail.length).toBeLessThan(1_500);
      },
    );

    test("is an invalid_output when it answers as another version than the pinned one", async () => {
      const pinned = await start(output, {}, `${entry}@${output.version}`);
      expect(await pinned.run(input)).toEqual(output);
      const other = await start(output, {}, `${entry}@another`);
      expect(other.model.promptVersion).toBe("1@another");
      await expect(other.run(input)).rejects.toMatchObject({ code: "invalid_output" });
    });

    test("fails without quoting it when a 200 says failed, and is busy when it answers 409", async () => {
      const { run } = await start(output, {
        cog: [
          { kind: "prediction", status: "failed", fields: { error: "quoted post" } },
          { kind: "status", status: 409 },
        ],
      });
      await expect(run(input)).rejects.toMatchObject({ code: "failed", detail: expect.not.stringContaining("post") });
      await expect(run(input)).rejects.toMatchObject({ code: "busy", retryable: true });
      expect(await run(input)).toEqual(output);
    });

    test("is refused when the entry has no alias", async () => {
      await expect(startModel(stage, `cog/${stage}`, {})).rejects.toThrow("cog:alias/model");
    });
  });
}
