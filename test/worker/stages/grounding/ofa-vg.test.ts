import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

const image = "https://namesight.test/p";
const size = { width: 999, height: 1998 };
const entity = { id: "e1", text: "Eileen Collins", type: "PER", expression: "A woman in an orange launch-suit" };
const start = (output: unknown, entry = "cog:test/ofa-vg") =>
  startModel("grounding", entry, { replies: { "cog ofa-vg": [output] } });

test("what it is asked and what its bins become (docs/ofa.md)", async () => {
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

test("all zeros are not visible (hosted-apis section 3.4)", async () => {
  const { run } = await start({ bins: [0, 0, 0, 0] });
  expect((await run({ image, size, entities: [entity] })).groundings).toEqual([{ id: "e1", regions: [] }]);
});

describe("an entity's text is RiVEG's, as OFA's code reads it", () => {
  test.each([
    [{ text: "#Garfield Park", type: "LOC", expression: "the park/garden" }, "garfield park(loc) the park garden"],
    [{ text: "Ed  Sheeran", type: "musician", expression: "a singer" }, "ed sheeran(per) a singer"],
    [{ text: "Collins", type: "PER" }, "collins(per)"],
    [{ text: "Collins" }, "collins"],
    [{ expression: "...a woman" }, "a woman"],
    [{ text: "x", expression: "w ".repeat(200) }, `x ${"w ".repeat(79).trim()}`],
  ])("%j", async (named, text) => {
    const { run, calls } = await start({ bins: [0, 0, 0, 0] });
    await run({ image, size, entities: [{ id: "e1", ...named }] });
    expect((await calls())[0]?.body).toMatchObject({ input: { text } });
  });
});

test.each([
  ["three bins", { bins: [1, 2, 3] }],
  ["a bin too many", { bins: [0, 0, 1000, 1000] }],
  ["a negative one", { bins: [-1, 0, 10, 10] }],
  ["half bins", { bins: [0.5, 0, 10, 10] }],
  ["corners the wrong way round", { bins: [500, 500, 100, 100] }],
  ["the stage's own output", { model: "x", version: "1", groundings: [] }],
  ["text", "<bin_1> <bin_2> <bin_3> <bin_4>"],
])("%s is another form than its schema's", async (_, output) => {
  const { run } = await start(output);
  await expect(run({ image, size, entities: [entity] })).rejects.toMatchObject({ code: "invalid_output" });
});

test("a version behind the @ is held to", async () => {
  const { run, model } = await start({ bins: [0, 0, 10, 10], version: "2" }, "cog:test/ofa-vg@2");
  expect(model.promptVersion).toBe("1@2");
  expect((await run({ image, size, entities: [entity] })).version).toBe("2");
  const other = await start({ bins: [0, 0, 10, 10], version: "1" }, "cog:test/ofa-vg@2");
  await expect(other.run({ image, size, entities: [entity] })).rejects.toMatchObject({ code: "invalid_output" });
});

test("any other name behind an alias speaks the stage's own contract", async () => {
  const output = { model: "m", version: "1", groundings: [{ id: "e1", regions: [] }] };
  const { run } = await startModel("grounding", "cog:test/ofa-vg-2", { replies: { "cog ofa-vg-2": [output] } });
  expect(await run({ image, size, entities: [entity] })).toEqual(output);
});
