import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import { type RecognizeAnswer, RecognizeRequest } from "../../../schemas/recognize.ts";
import type { StageName } from "../../../schemas/stages/index.ts";
import { recognize, recognizeAnswer } from "../../../src/pipeline/recognize.ts";
import { canceledOrLate } from "../../../src/providers/refusal.ts";
import { postOf } from "../../../src/request/read-post.ts";
import { type AttemptOptions, type Chains, StageError } from "../../../src/stages/model.ts";
import { mention } from "../../support/mention.ts";
import { modelOf } from "../../support/models.ts";
import { encodeRle } from "../../support/rle.ts";
import { deploymentOf, inRun } from "../../support/run.ts";
import { SMALL_PICTURE } from "../../support/small-picture.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const picture = SMALL_PICTURE;
const { size } = picture;
const box = { xmin: 0, ymin: 0, xmax: 8, ymax: 6 };
const judgement = { visible: true, score: 0.9, method: "m", calibrated: false, reason: null };
const mask = { mask: encodeRle(new Uint8Array(48).fill(1), size), score: 1, method: "m", reason: null };

/** How a model behaves: it answers after some milliseconds, fails after some, or never settles. */
type Behaviour =
  | { readonly kind: "answers" | "fails" | "is busy"; readonly after: number }
  | { readonly kind: "hangs" | "hangs and ignores its signal" };

type Behaviours = Partial<Record<StageName, readonly Behaviour[]>>;
const ANSWERS = [{ kind: "answers", after: 50 }] as const;
const HANGS = [{ kind: "hangs" }] as const;

const ignored = () => new Promise<never>(() => undefined);

function behave(behaviour: Behaviour, { signal }: AttemptOptions, { sleep }: VirtualTime): Promise<void> {
  if (behaviour.kind === "hangs and ignores its signal") return ignored();
  const wait = "after" in behaviour ? behaviour.after : 1e9;
  return sleep(wait, signal).then(
    () => {
      if (behaviour.kind === "fails") throw new StageError("failed", "failed");
      if (behaviour.kind === "is busy") throw new StageError("busy", "is busy", { retryAfterMs: 700 });
    },
    () => {
      throw canceledOrLate(signal);
    },
  );
}

/** Models for "Felix and Oscar" that behave as told, the others as `ANSWERS`. */
function chainsOf(time: VirtualTime, behaviours: Behaviours): Partial<Chains> {
  const chain = <Name extends StageName>(stage: Name, answer: (input: never) => object) =>
    (behaviours[stage] ?? ANSWERS).map((behaviour, index) =>
      modelOf<Name>(
        async (input, attempt) => {
          await behave(behaviour, attempt, time);
          return answer(input as never);
        },
        { entry: `${stage}:${index}`, warms: stage === "segmentation" },
      ),
    );
  type Asked = { readonly entities: readonly { id: string }[]; readonly boxes: readonly { id: string }[] };
  const each = (list: "entities" | "boxes", one: object) => (input: Asked) =>
    input[list].map(({ id }) => ({ id, ...one }));
  return {
    caption: chain("caption", () => ({ caption: "Two cats." })),
    mner: chain("mner", () => ({ mentions: [mention("Felix", 0), mention("Oscar", 10)], problems: [] })),
    expansion: chain("expansion", (input: Asked) => ({
      expressions: each("entities", { text: "a cat", method: "llm" })(input),
    })),
    entailment: chain("entailment", (input: Asked) => ({ judgements: each("entities", judgement)(input) })),
    grounding: chain("grounding", (input: Asked) => ({
      groundings: each("entities", { regions: [{ box, score: 0.5, method: "m" }] })(input),
    })),
    segmentation: chain("segmentation", (input: Asked) => ({ masks: each("boxes", mask)(input) })),
  };
}

interface Outcome {
  readonly answer: Omit<RecognizeAnswer, "overlay_url" | "charge"> | null;
  readonly problem: ProblemError | null;
  /** Milliseconds that the request took. */
  readonly took: number;
}

async function answer(behaviours: Behaviours, deadlineMs: number, request: object = {}): Promise<Outcome> {
  const time = new VirtualTime();
  const began = time.now;
  const post = postOf(RecognizeRequest.parse({ text: "Felix and Oscar", ...request }), picture);
  const deployment = deploymentOf(chainsOf(time, behaviours), { ...time, deadlineMs });
  const working = inRun(
    deployment,
    async (run) => {
      await recognize(post, run);
      return recognizeAnswer(post, run);
    },
    { deadlineMs },
  );
  const settled = working.then(
    (found) => ({ answer: found, problem: null }),
    (problem: unknown) => {
      if (!(problem instanceof ProblemError)) throw problem;
      return { answer: null, problem };
    },
  );
  const outcome = await time.pass(settled);
  return { ...outcome, took: time.now - began };
}

const firstRegion = (outcome: Outcome) => outcome.answer?.entities[0]?.regions[0];

describe("a stage that hangs costs its own result only", () => {
  test.each([500, 3_000, 30_000])("with a deadline of %i ms", async (deadline) => {
    const caption = await answer({ caption: HANGS }, deadline);
    expect(firstRegion(caption)).toMatchObject({ box, mask: expect.anything() });

    const expansion = await answer({ expansion: HANGS }, deadline);
    expect(expansion.answer?.entities[0]).toMatchObject({ expression: null, visible: true, regions: [{ box }] });
    expect(firstRegion(expansion)?.mask).not.toBeNull();

    const entailment = await answer({ entailment: HANGS }, deadline);
    expect(entailment.answer?.entities[0]).toMatchObject({ visible: null, visibility: { reason: "stage_failed" } });
    expect(firstRegion(entailment)).toMatchObject({ box, mask: expect.anything() });

    const cheap = await answer({ entailment: HANGS }, deadline, { mode: "cheap" });
    expect(firstRegion(cheap)).toMatchObject({ box, mask: expect.anything() });

    const grounding = await answer({ grounding: HANGS }, deadline);
    expect(grounding.answer?.entities[0]).toMatchObject({ visible: true, regions: [] });

    const segmentation = await answer({ segmentation: HANGS }, deadline);
    expect(firstRegion(segmentation)).toMatchObject({ box, mask: null, mask_reason: "stage_failed" });

    for (const { answer: given } of [caption, expansion, entailment, cheap, grounding, segmentation]) {
      expect(given?.partial).toBe(true);
      expect(given?.problems[0]?.code).toBe("stage_failed");
    }
    const mner = await answer({ mner: HANGS }, deadline);
    expect(mner).toMatchObject({ answer: null, problem: { code: "deadline_exceeded" } });
  });
});

test("a request ends by its deadline whatever its models do, and is answered where mentions were found", async () => {
  const milliseconds = fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 800 }));
  const behaviour = fc.oneof(
    fc.record({ kind: fc.constantFrom("answers", "fails", "is busy"), after: milliseconds }),
    fc.constantFrom({ kind: "hangs" }, { kind: "hangs and ignores its signal" }),
  ) as fc.Arbitrary<Behaviour>;
  const chain = fc.array(behaviour, { minLength: 1, maxLength: 3 });
  const stages = ["caption", "mner", "expansion", "entailment", "grounding", "segmentation"] as const;
  const behaviours = fc.record(Object.fromEntries(stages.map((stage) => [stage, chain])), { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(
      behaviours as fc.Arbitrary<Behaviours>,
      fc.integer({ min: 500, max: 30_000 }),
      fc.constantFrom("fast", "cheap"),
      async (models, deadline, mode) => {
        const { answer: given, problem, took } = await answer(models, deadline, { mode });
        expect(took).toBeLessThanOrEqual(deadline + 250);
        if (given) expect(given.entities).toHaveLength(2);
        else expect(["deadline_exceeded", "stage_failed", "overloaded"]).toContain(problem?.code);
        // The first model of mner is in time, so there is something to answer with.
        const [first] = models.mner ?? ANSWERS;
        const share = deadline / (models.mner?.length ?? 1);
        if (first?.kind === "answers" && first.after < share - 1) expect(given).not.toBeNull();
        // An answer in which something is missing says so.
        const missing = given?.entities.some(
          ({ visible, regions }) => visible === null || regions.some((one) => !one.mask),
        );
        if (missing) expect(given?.partial).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});
