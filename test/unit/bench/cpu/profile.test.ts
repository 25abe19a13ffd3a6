import { expect, test } from "vitest";
import { summariseProfile } from "../../../../bench/cpu/profile.ts";

const node = (id: number, functionName: string, url = "", lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

test("sums a profile by function, without idle time", () => {
  const profile = {
    nodes: [
      node(1, "(root)"),
      node(2, "(idle)"),
      node(3, "(program)"),
      node(4, "(garbage collector)"),
      node(5, "encode", "file:///out/index.js", 9),
      node(6, "encode", "file:///out/index.js", 9),
      node(7, "", "file:///out/index.js", 0),
    ],
    samples: [2, 5, 6, 3, 4, 7],
    timeDeltas: [9_000, 1_000, 2_000, 4_000, 500, 250],
  };
  expect(summariseProfile(profile, 2)).toEqual({
    busy: 3.75,
    garbage: 0.5,
    program: 4,
    functions: [
      { name: "encode index.js:10", ms: 3 },
      { name: "(garbage collector)", ms: 0.5 },
    ],
  });
  expect(summariseProfile({ nodes: [] }, 1)).toEqual({ busy: 0, garbage: 0, program: 0, functions: [] });
});
