import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Record as BatchRecord } from "../../../../scripts/batch/record.ts";
import { stoppedText } from "../../../../scripts/batch/stopped.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-stopped-"));
afterAll(() => rmSync(folder, { recursive: true }));

const recordAt = (endpoint: string | null) =>
  new BatchRecord(join(folder, "out.jsonl"), { input: "input", endpoint, caller: null });

test("a run on its own stack ends with it: says what is kept and how to go on", () => {
  const record = recordAt(null);
  record.done.add(1);
  expect(stoppedText(record, 3)).toBe(
    "Stopped. The stack ends, and the posts that run end with it. " +
      `1 of 3 posts have a result in ${join(folder, "out.jsonl")}: the same command sends the others again.`,
  );
});

test("what a deployment was sent goes on", () => {
  const record = recordAt("https://one.example");
  const batch = record.add({ key: "k", lines: [1], max_concurrent: null });
  expect(stoppedText(record, 1)).toBe("Stopped. Nothing that was sent still runs: the same command goes on.");
  batch.unanswered = 1;
  expect(stoppedText(record, 1)).toContain("What was sent goes on: the same command gets the rest, --cancel cancels");
  batch.ended = true;
  expect(stoppedText(record, 1)).toContain("Nothing that was sent still runs");
});
