import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";

const region = { box: { xmin: 1.5, ymin: 2, xmax: 9, ymax: 8 }, score: 0.8, method: "coco-ssd" };
const grounded = (...regions: object[]) => ({ model: "detector", version: "1", groundings: [{ id: "e1", regions }] });

describeCog("grounding", {
  input: {
    image: "https://namesight.test/p",
    size: { width: 20, height: 10 },
    entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in orange" }, { id: "e2" }],
  },
  output: {
    model: "detector",
    version: "1",
    groundings: [
      { id: "e1", regions: [region, { ...region, score: null }] },
      { id: "e2", regions: [] },
    ],
  },
  wrong: {
    "a box as a list": grounded({ ...region, box: [1, 2, 9, 8] }),
    "a box with width and height": grounded({ ...region, box: { x: 1, y: 2, width: 8, height: 6 } }),
    "more boxes than an entity may have": grounded(...Array(LIMITS.entityRegions + 1).fill(region)),
    "a sentence as the method": grounded({ ...region, method: "I saw a secret" }),
    "a score above 1": grounded({ ...region, score: 80 }),
    "a region without a method": grounded({ box: region.box, score: null }),
  },
});
