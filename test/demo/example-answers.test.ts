import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS } from "../../schemas/examples.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { rleArea, rleIou } from "../../schemas/rle.ts";
import { askExamples } from "../../scripts/ask-examples.ts";
import { type Stack, startStack } from "../../scripts/stack.ts";
import { encodeRle } from "../support/rle.ts";

const TOLERANCES = { score: 0.02, pixels: 2, maskIou: 0.95 };

let stack: Stack;
let answers: Record<string, unknown>;
beforeAll(async () => {
  stack = await startStack({ forgetsState: true, onOutput: () => undefined });
  answers = await askExamples(stack.url, REQUESTS);
});
afterAll(async () => {
  await stack.stop();
});

/** Where two answers differ by more than what may vary between two machines and two runs. */
function differences(committed: unknown, now: unknown, path = ""): string[] {
  const key = path.split("/").at(-1) ?? "";
  if (typeof committed === "number" && typeof now === "number") {
    const allowed = /score/.test(key) ? TOLERANCES.score : /^[xy]m/.test(key) ? TOLERANCES.pixels : 0;
    // Times are whatever they are.
    return key === "ms" || Math.abs(committed - now) <= allowed ? [] : [`${path}: ${committed}, now ${now}`];
  }
  if (isMask(committed) && isMask(now)) {
    const iou = rleIou(committed, now);
    return iou >= TOLERANCES.maskIou ? [] : [`${path}: IoU ${iou}`];
  }
  // Links are signed anew each time, and a mask's name is its hash.
  if (key.endsWith("_url") && typeof committed === "string" && typeof now === "string") {
    const form = (link: string) => link.replace(/[0-9a-f]{64}/, "HASH").replace(/\?.*/, "");
    return form(committed) === form(now) ? [] : [`${path}: ${committed}, now ${now}`];
  }
  if (typeof committed !== "object" || typeof now !== "object" || committed === null || now === null)
    return committed === now ? [] : [`${path}: ${committed}, now ${now}`];
  const keys = new Set([...Object.keys(committed), ...Object.keys(now)]);
  const [before, after] = [committed, now] as Record<string, unknown>[];
  return [...keys].flatMap((inner) => differences(before?.[inner], after?.[inner], `${path}/${inner}`));
}

function isMask(value: unknown): value is RleMask {
  return typeof value === "object" && value !== null && "counts" in value;
}

describe("the example answers of the OpenAPI document", () => {
  test.each(Object.keys(ANSWERS) as (keyof typeof ANSWERS)[])(
    "are what the embedded models answer now: %s (else run scripts/record-examples.ts)",
    (operation) => {
      expect(differences(ANSWERS[operation], answers[operation])).toEqual([]);
    },
  );

  test("show a visible entity with a mask that is not empty, and one that no model can find", () => {
    const [collins, houston] = ANSWERS.recognize.entities;
    expect([collins?.visible, houston?.visible]).toEqual([true, null]);
    expect(rleArea(collins?.regions[0]?.mask as RleMask)).toBeGreaterThan(1_000);
  });

  test("differ from answers with another score, box, mask, model or link", () => {
    const [entity] = ANSWERS.recognize.entities;
    const region = entity?.regions[0];
    const whole = encodeRle(new Uint8Array(128 * 128).fill(1), { width: 128, height: 128 });
    const changes: Array<[object, object]> = [
      [{ score: 0.9 }, { score: 0.8 }],
      [{ box: region?.box }, { box: { ...region?.box, xmin: 30 } }],
      [{ mask: region?.mask }, { mask: whole }],
      [{ method: "coco-ssd" }, { method: "owl-vit" }],
      [{ mask_url: region?.mask_url }, { mask_url: null }],
    ];
    for (const [committed, now] of changes) expect(differences(committed, now)).toHaveLength(1);
  });
});
