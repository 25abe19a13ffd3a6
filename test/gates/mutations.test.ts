import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MUTATIONS } from "../mutations/table.ts";
import { INVARIANTS } from "../support/request/invariants.ts";
import { ROOT } from "./planted-project.ts";

test.each(Object.entries(MUTATIONS))("the code has the place of the mutation once: %s", (_, mutation) => {
  const code = readFileSync(join(ROOT, mutation.file), "utf8");
  expect(code.split(mutation.find)).toHaveLength(2);
  expect(mutation.replace).not.toBe(mutation.find);
});

test("there is a mutation for each invariant of a request", () => {
  const broken = new Set<string>(Object.values(MUTATIONS).map(({ invariant }) => invariant));
  expect(Object.keys(INVARIANTS).filter((invariant) => !broken.has(invariant))).toEqual([]);
});
