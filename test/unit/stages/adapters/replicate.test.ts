import { describe, expect, test } from "vitest";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const LINK = "https://namesight.test/p";
const PINNED = "a".repeat(64);
const picture = pictureRefOf(LINK, { width: 20, height: 10 });
const entities = [{ id: "e1", text: "Collins", type: "PER" }];
const box = { xmin: 1, ymin: 1, xmax: 5, ymax: 5 };
const succeeded = (output: unknown, version?: string) => ({ id: "p1", status: "succeeded", output, version });

describe("a model at Replicate", () => {
  test.each([
    ["replicate:test/adirik/grounding-dino", "/predictions", { version: expect.stringMatching(/^efd10a8d/) }],
    [`replicate:test/adirik/grounding-dino@${PINNED}`, "/predictions", { version: PINNED }],
    ["replicate:test/adirik/grounding-dino@deployments/me/dino", "/deployments/me/dino/predictions", {}],
  ])("is asked as %s at %s", async (entry, path, target) => {
    const { model, requests } = modelAt("grounding", entry, [succeeded({ detections: [] })]);
    await model.run({ picture, entities }, ATTEMPT);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toBe(`https://host.test${path}`);
    expect(requests[0]?.body).toMatchObject({ input: { image: LINK, query: "Collins" }, ...target });
  });

  test("has the version that it asks for in its prompt version, and the answer's in its output", async () => {
    const entry = `replicate:test/adirik/grounding-dino@${PINNED}`;
    const { model } = modelAt("grounding", entry, [succeeded({ detections: [] }, "v-of-the-answer")]);
    expect(model.promptVersion).toBe(`2@${PINNED}`);
    expect(await model.run({ picture, entities }, ATTEMPT)).toMatchObject({ version: "v-of-the-answer" });
  });

  test("opens one callback for each prediction when Replicate can reach the Worker", async () => {
    let opened = 0;
    const openCallback = (_: string, name = String(++opened)) => ({
      name,
      url: `https://namesight.test/hook/${name}`,
      ended: async () => null,
    });
    const { model, requests } = modelAt(
      "grounding",
      "replicate:test/adirik/grounding-dino",
      [succeeded({ detections: [] })],
      { openCallback },
    );
    await model.run({ picture, entities }, ATTEMPT);
    await model.run({ picture, entities }, ATTEMPT);
    expect(requests.map(({ body }) => body.webhook)).toEqual([
      "https://namesight.test/hook/1",
      "https://namesight.test/hook/2",
    ]);
  });

  test("cancels what an attempt kept, by its id, and asks nothing where none is known", async () => {
    const { model, requests } = modelAt("grounding", "replicate:test/adirik/grounding-dino", [{}]);
    await model.cancel?.({ attempt: null, id: null, at: 0 });
    expect(requests).toEqual([]);
    await model.cancel?.({ attempt: null, id: "p1", at: 0 });
    expect(requests.map(({ url }) => url)).toEqual(["https://host.test/predictions/p1/cancel"]);
  });

  test("goes on with a prediction that is known without its picture, and with the callback of its name", async () => {
    const opened: unknown[] = [];
    const openCallback = (_: string, name?: string) => {
      opened.push(name);
      return { name: name ?? "new", url: "https://namesight.test/hook", ended: () => new Promise(() => undefined) };
    };
    const answers = [succeeded({ detections: [] })];
    const { model, requests } = modelAt("grounding", "replicate:test/adirik/grounding-dino", answers, { openCallback });
    const resumable = { key: "k", kept: { attempt: "old", id: "p1", at: 0 }, keep: () => undefined };
    await model.run({ picture: null, entities }, { ...ATTEMPT, resumable });
    expect(requests.map(({ url }) => url)).toEqual(["https://host.test/predictions/p1"]);
    expect(opened).toEqual(["old"]);
  });

  test.each([
    ["failed", false, "named an output file that could not be downloaded"],
    ["timeout", true, "delivered its output file too late"],
  ])("fails as %s when its file cannot be downloaded and the call is aborted: %s", async (code, aborts, detail) => {
    const leave = new AbortController();
    const download = async () => {
      if (aborts) leave.abort();
      throw new Error("no file");
    };
    const { model } = modelAt(
      "segmentation",
      "replicate:test/yyjim/segment-anything-tryout",
      [succeeded(["https://replicate.delivery/1.png"])],
      { download },
    );
    const input = { picture, boxes: [{ id: "r1", box }], warm: false };
    await expect(model.run(input, { ...ATTEMPT, signal: leave.signal })).rejects.toMatchObject({ code, detail });
  });
});
