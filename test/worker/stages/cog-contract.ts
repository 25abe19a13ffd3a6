import { describe, expect, test } from "vitest";
import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import type { StageInput, StageOutput } from "../../../src/stages/model.ts";
import { startModel } from "./harness.ts";

export interface CogContract<Name extends StageName> {
  /** As it goes over the wire, every field that the stage has. */
  readonly input: StageInput<Name>;
  /** What the container answers: the stage's contract as schemas/stages has it. */
  readonly output: StageOutput<Name>;
  /** The same with something of it wrong, by what that is. */
  readonly wrong: Readonly<Record<string, object>>;
}

/**
 * A container that speaks a stage's contract is asked with its input as it stands and answers with its output
 * (hosted-apis section 4.1).
 */
export function describeCog<Name extends StageName>(stage: Name, { input, output, wrong }: CogContract<Name>): void {
  const entry = `cog:test/${stage}`;
  const start = (answer: unknown, faults: Parameters<typeof startModel>[2]["faults"] = {}, at = entry) =>
    startModel<Name>(stage, at, { replies: { [`cog ${stage}`]: [answer] }, faults });

  describe(`a container that does ${stage}`, () => {
    test("one request with the stage's own input, and its own output", async () => {
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

    test("what it says beyond the contract is left out", async () => {
      const { run } = await start({ ...output, extra: "field" });
      expect(await run(input)).toEqual(output);
    });

    test.each(Object.entries({ nothing: {}, "a text": "text", null: null, ...wrong }))(
      "%s is none of its results",
      async (_, answer) => {
        const { run } = await start(answer);
        await expect(run(input)).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
      },
    );

    test("an entry with a version takes no other's answer", async () => {
      const pinned = await start(output, {}, `${entry}@${output.version}`);
      expect(await pinned.run(input)).toEqual(output);
      const other = await start(output, {}, `${entry}@another`);
      expect(other.model.promptVersion).toBe("1@another");
      await expect(other.run(input)).rejects.toMatchObject({ code: "invalid_output" });
    });

    test("a failed prediction is a 200 (hosted-apis section 4.1), and what it says is not passed on", async () => {
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

    test("an entry needs an alias, which says where the container is", async () => {
      await expect(startModel(stage, `cog/${stage}`, {})).rejects.toThrow("cog:alias/model");
    });
  });
}
