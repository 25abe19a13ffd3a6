import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runOptions } from "../../../../eval/commands/run-options.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const given = (values: Record<string, string>, ...flags: string[]) =>
  runOptions({ values: { dataset: "dev.txt", out: "out.jsonl", ...values }, flags: new Set(flags) });

describe("runOptions", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("asks for boxes where there are pictures, and for names alone where there are none", () => {
    vi.stubEnv("NAMESIGHT_URL", undefined);
    const images = folderOf({});
    const asking = { labels: "gmner", givesEntities: false, allowsFallback: false };
    expect(given({ images })).toEqual({
      dataset: "dev.txt",
      split: undefined,
      format: undefined,
      images,
      out: "out.jsonl",
      asking: { ...asking, task: "gmner" },
      limit: null,
      endpoint: null,
      key: undefined,
      passed: [],
    });
    expect(given({}, "text-only")).toMatchObject({ images: null, asking: { ...asking, task: "mner" } });
    expect(given({ task: "gmner", labels: "fine" }, "text-only", "given-entities", "allow-fallback")).toMatchObject({
      asking: { task: "gmner", labels: "fine", givesEntities: true, allowsFallback: true },
    });
  });

  it("passes on what belongs to batches, and never the key", () => {
    const values = {
      endpoint: "https://one.example",
      "max-concurrent": "9",
      "max-cost": "2.5",
      key: "secret",
      limit: "3",
    };
    expect(given(values, "text-only", "cancel")).toMatchObject({
      endpoint: "https://one.example",
      key: "secret",
      limit: 3,
      passed: ["--endpoint", "https://one.example", "--max-concurrent", "9", "--max-cost", "2.5", "--cancel"],
    });
  });

  it("takes the stack of the environment for the endpoint", () => {
    vi.stubEnv("NAMESIGHT_URL", "http://127.0.0.1:8787");
    expect(given({}, "text-only")).toMatchObject({ endpoint: "http://127.0.0.1:8787", passed: [] });
  });

  const folder = join(import.meta.dirname, "nowhere");
  it.each<[string, Record<string, string>, string[]]>([
    ["--dataset and --out are required", { dataset: "" }, []],
    ["either --images or --text-only is required", {}, []],
    ["either --images or --text-only is required", { images: "." }, ["text-only"]],
    [`there is no folder ${folder} for --images`, { images: folder }, []],
    [`there is no folder ${folder} for --out`, { out: join(folder, "a.jsonl") }, ["text-only"]],
    ["--limit is a whole number from 1, not 0", { limit: "0" }, ["text-only"]],
    ["--limit is a whole number from 1, not ten", { limit: "ten" }, ["text-only"]],
    ["--task is mner, gmner, smner, not eeg", { task: "eeg" }, ["text-only"]],
    ["--labels is gmner or fine, not coarse", { labels: "coarse" }, ["text-only"]],
    ["--given-entities with --task mner leaves nothing to ask", {}, ["text-only", "given-entities"]],
    ["--max-concurrent is a number from 1 to 50, not 51", { "max-concurrent": "51" }, ["text-only"]],
    ["--endpoint is an address, not one.example", { endpoint: "one.example" }, ["text-only"]],
  ])("says what is wrong: %s", (fault, values, flags) => {
    expect(given(values, ...flags)).toBe(fault);
  });
});
