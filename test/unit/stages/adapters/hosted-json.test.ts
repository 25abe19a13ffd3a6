import { describe, expect, test } from "vitest";
import type { Usage } from "../../../../src/providers/usage.ts";
import { readAddress } from "../../../../src/stages/address.ts";
import { createModel } from "../../../../src/stages/index.ts";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const SIZE = { width: 20, height: 12 };
const LINK = "https://namesight.test/p";
const boxes = [{ id: "b1", box: { xmin: 1, ymin: 1, xmax: 9, ymax: 9 } }];
const ask = (picture = pictureRefOf(LINK, SIZE)) => ({ boxes, warm: false, picture });

describe("hostedJsonAdapter", () => {
  test("sends one request to the address of its provider, or of its alias", async () => {
    for (const [entry, url] of [
      ["roboflow/sam3", "https://serverless.roboflow.com/sam3/visual_segment"],
      ["roboflow:gpu/sam3", "https://host.test/sam3/visual_segment"],
      ["fal/fal-ai/sam-3-1/image", "https://fal.run/fal-ai/sam-3-1/image"],
      ["fal:gpu/fal-ai/sam-3-1/image", "https://host.test/fal-ai/sam-3-1/image"],
      ["moondream/segment", "https://api.moondream.ai/v1/segment"],
      ["moondream:station/segment", "https://host.test/segment"],
    ] as const) {
      const { model, requests } = modelAt("segmentation", entry, [{ predictions: [], masks: [], path: null }]);
      await expect(model.run(ask(), ATTEMPT)).rejects.toMatchObject({ code: "nothing_found" });
      expect(requests.map((request) => request.url)).toEqual([url]);
    }
  });

  test("gives links to hosts that follow them, and bytes to Moondream", () => {
    const takes = (entry: string) => modelAt("segmentation", entry, []).model.takesLinks;
    expect(["fal/fal-ai/sam-3/image", "roboflow/sam3", "moondream/segment"].map(takes)).toEqual([true, true, false]);
  });

  test("opens a callback for fal's queue alone, and only where there is time", async () => {
    const opened: string[] = [];
    const openCallback = (vendor: string) => {
      opened.push(vendor);
      return { name: "1", url: `https://api.test/hooks/${vendor}/1`, ended: async () => null };
    };
    const answers = [{ request_id: "q1" }, { status: "COMPLETED" }, { masks: [] }];
    const { model, requests } = modelAt("segmentation", "fal/fal-ai/sam-3/image", answers, { openCallback });
    await expect(model.run(ask(), ATTEMPT)).rejects.toMatchObject({ code: "nothing_found" });
    expect(requests.map(({ url }) => url)).toEqual([
      "https://queue.fal.run/fal-ai/sam-3/image?fal_webhook=https%3A%2F%2Fapi.test%2Fhooks%2Ffal%2F1",
      "https://queue.fal.run/fal-ai/sam-3/requests/q1/status",
      "https://queue.fal.run/fal-ai/sam-3/requests/q1",
    ]);
    const soon = { ...ATTEMPT, deadline: 5_000 };
    const { model: direct } = modelAt("segmentation", "fal/fal-ai/sam-3/image", [{ masks: [] }], { openCallback });
    await expect(direct.run(ask(), soon)).rejects.toMatchObject({ code: "nothing_found" });
    expect(opened).toEqual(["fal"]);
  });

  test("cancels what an attempt at fal kept, by its id; nothing runs behind a call at the others", async () => {
    const { model, requests } = modelAt("segmentation", "fal/fal-ai/sam-3/image", [{}]);
    await model.cancel?.({ attempt: null, id: null, at: 0 });
    await model.cancel?.({ attempt: null, id: "q1", at: 0 });
    expect(requests.map(({ url }) => url)).toEqual(["https://queue.fal.run/fal-ai/sam-3/requests/q1/cancel"]);
    expect(modelAt("segmentation", "roboflow/sam3", []).model.cancel).toBeUndefined();
  });

  test("reports the call's cost once, before its answer is read", async () => {
    const spent: Usage[] = [];
    const attempt = { ...ATTEMPT, spent: (usage: Usage) => spent.push(usage) };
    const { model } = modelAt("segmentation", "fal/fal-ai/sam-3/image", ["something else"]);
    await expect(model.run(ask(), attempt)).rejects.toMatchObject({ code: "invalid_output" });
    expect(spent).toEqual([{}]);
  });

  test.each([
    ["roboflow/sam3@1", "has no version to pin"],
    ["roboflow/sam2", "no segmentation model has this name"],
    ["fal/fal-ai/sam2/image", "no segmentation model has this name"],
  ])("refuses %s", (entry, message) => {
    const address = readAddress(entry, () => "t0ken");
    expect(() => createModel("segmentation", address, {} as never)).toThrow(message);
  });

  test.each([
    ["fal/fal-ai/sam-3/image", "FAL_KEY"],
    ["roboflow/sam3", "ROBOFLOW_API_KEY"],
    ["moondream/segment", "MOONDREAM_API_KEY"],
  ])("needs the secret of %s", (entry, secret) => {
    expect(() => readAddress(entry, () => "")).toThrow(`the secret ${secret} is not set`);
  });
});
