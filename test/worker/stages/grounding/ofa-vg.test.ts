import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

const image = "https://namesight.test/p";
const size = { width: 999, height: 1998 };
const entity = { id: "e1", text: "Eileen Collins", type: "PER", expression: "A woman in an orange launch-suit" };
const start = (output: unknown, entry = "cog:test/ofa-vg") =>
  startModel("grounding", entry, { replies: { "cog ofa-vg": [output] } });

test("sends one text in one prediction and reads the bins (docs/ofa.md)", async () => {
  const { run, calls, model } = await start({ bins: [0, 100, 500, 999] });
  expect(model).toMatchObject({ batch: 1, takesLinks: true });
  expect(await run({ image, size, entities: [entity] })).toEqual({
    model: "ofa-vg",
    version: "unversioned",
    groundings: [
      { id: "e1", regions: [{ box: { xmin: 0, ymin: 200, xmax: 500, ymax: 1998 }, score: null, method: "ofa-vg" }] },
    ],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: "POST", path: "/cog/ofa-vg/predictions" });
  expect(call?.body).toEqual({ input: { image, text: "eileen collins(per) a woman in an orange launch suit" } });
});

test("returns no region when all bins are zero", async () => {
  const { run } = await start({ bins: [0, 0, 0, 0] });
  expect((await run({ image, size, entities: [entity] })).groundings).toEqual([{ id: "e1", regions: [] }]);
});

describe("the text", () => {
  test.each([
    [{ text: "#Garfield Park", type: "LOC", expression: "the park/garden" }, "garfield park(loc) the park garden"],
    [{ text: "Ed  Sheeran", type: "musician", expression: "a singer" }, "ed sheeran(per) a singer"],
    [{ text: "Collins", type: "PER" }, "collins(per)"],
    [{ text: "Collins" }, "collins"],
    [{ expression: "...a woman" }, "a woman"],
    [{ text: "x", expression: "w ".repeat(200) }, `x ${"w ".repeat(79).trim()}`],
  ])("of %j is in RiVEG's form and in OFA's spelling", async (named, text) => {
    const { run, calls } = await start({ bins: [0, 0, 0, 0] });
    await run({ image, size, entities: [{ id: "e1", ...named }] });
    expect((await calls())[0]?.body).toMatchObject({ input: { text } });
  });
});

test.each([
  ["three bins", { bins: [1, 2, 3] }],
  ["a bin above 999", { bins: [0, 0, 1000, 1000] }],
  ["a negative bin", { bins: [-1, 0, 10, 10] }],
  ["a fractional bin", { bins: [0.5, 0, 10, 10] }],
  ["corners in the wrong order", { bins: [500, 500, 100, 100] }],
  ["the stage's own output", { model: "x", version: "1", groundings: [] }],
  ["a string", "<bin_1> <bin_2> <bin_3> <bin_4>"],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run({ image, size, entities: [entity] })).rejects.toMatchObject({ code: "invalid_output" });
});

test("throws an invalid_output when another version answers than the pinned one", async () => {
  const { run, model } = await start({ bins: [0, 0, 10, 10], version: "2" }, "cog:test/ofa-vg@2");
  expect(model.promptVersion).toBe("1@2");
  expect((await run({ image, size, entities: [entity] })).version).toBe("2");
  const other = await start({ bins: [0, 0, 10, 10], version: "1" }, "cog:test/ofa-vg@2");
  await expect(other.run({ image, size, entities: [entity] })).rejects.toMatchObject({ code: "invalid_output" });
});

test("leaves any other name to the container that speaks the stage's contract", async () => {
  const output = { model: "m", version: "1", groundings: [{ id: "e1", regions: [] }] };
  const { run } = await startModel("grounding", "cog:test/ofa-vg-2", { replies: { "cog ofa-vg-2": [output] } });
  expect(await run({ image, size, entities: [entity] })).toEqual(output);
});
