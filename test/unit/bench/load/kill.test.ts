import { expect, test } from "vitest";
import { findFunctions } from "../../../../bench/load/kill.ts";

const processes = [
  { pid: "1", parent: undefined, words: ["node", "functions/server.ts"] },
  { pid: "2", parent: undefined, words: ["node", "functions/server.ts"] },
  { pid: "3", parent: undefined, words: ["node", "other.ts"] },
];
const environments: Readonly<Record<string, string>> = { 1: "A=1\0PORT=88\0", 2: "PORT=8788\0B=2\0", 3: "PORT=8799\0" };
const find = (port: string) => findFunctions(port, processes, (pid) => environments[pid] ?? "");

test("findFunctions finds the functions by their port, and nothing else", () => {
  expect([find("88"), find("8788")]).toEqual([1, 2]);
  for (const port of ["8799", "878"]) expect(() => find(port)).toThrow(`no functions listen on port ${port}`);
});
