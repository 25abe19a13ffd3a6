import { join } from "node:path";
import { expect, it } from "vitest";
import { readCandidates } from "../../../../eval/readers/candidates.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

it("reads the candidates of each post, and names the file and the line that is malformed", async () => {
  const line = '{"id": "1", "boxes": [[1, 2, 3, 4]]}\n';
  const folder = folderOf({ "a.jsonl": line, "b.jsonl": `${line}{"id": "2", "boxes": [[1]]}\n` });
  expect([...(await readCandidates(join(folder, "a.jsonl")))]).toEqual([["1", [[1, 2, 3, 4]]]]);
  await expect(readCandidates(join(folder, "b.jsonl"))).rejects.toThrow(/b\.jsonl: line 2 is not .*boxes\.0/);
});
