import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildTrainingSet } from "../../../../eval/commands/build.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";

const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#456" } })
  .jpeg()
  .toBuffer();
const FILES = {
  "set/txt/train.txt": "IMGID:7\nTed\tB-PER\nCruz\tI-PER\nin\tO\nRome\tB-LOC\n\nIMGID:8\nESA\tB-ORG\n",
  "set/xml/7.xml": vocXml([["Ted Cruz", [1, 2, 30, 40]]]),
  "gold.txt":
    "7.jpg###Ted Cruz(PER)###a senator###2###&[1.0, 2.0, 30.0, 40.0]\n7.jpg###Rome(LOC)###a city###0###&[0, 0, 0, 0]\n",
  "llm.txt":
    "Imageid:7.jpg###Ted Cruz(PER)###A man.\nImageid:7.jpg###Rome(LOC)###A city.\nImageid:8.jpg###ESA(ORG)###An agency.\n",
  "blip-15.txt": "7.jpg :a man at a desk\n",
  "blip-17.txt": "7.jpg :another caption\n8.jpg :a logo\n",
  "know.jsonl": '{"id": "7", "text": "Ted Cruz is a senator."}\n{"id": "8", "text": "ESA"}\n',
  "more.jsonl": '{"id": "7", "text": "Rome is a city."}\n{"id": "8", "text": "An agency."}\n',
  "pictures/7.jpg": picture,
  "pictures/8.jpg": picture,
};

describe("buildTrainingSet", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });
  /** Paths among the arguments are relative to the folder; they begin with "./". */
  const build = (folder: string, ...argv: string[]) =>
    buildTrainingSet(argv.map((one) => (one.startsWith("./") ? join(folder, one) : one)));
  const gold = ["--gold", "./set/txt/train.txt"];
  const linesOf = (folder: string, name: string) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);

  it("builds visual entailment with OFA's file from several files of expansions and captions", async () => {
    const folder = folderOf(FILES);
    const expansions = ["--expansions", "./llm.txt", "--expansions", "./gold.txt"];
    const captions = ["--captions", "./blip-15.txt", "--captions", "./blip-17.txt"];
    const files = ["--out", "./ve.jsonl", "--images", "./pictures", "--tsv", "./ve.tsv"];
    expect(await build(folder, "ve", ...gold, ...expansions, ...captions, ...files, "--json")).toBe(0);
    const base64 = picture.toString("base64");
    expect(linesOf(folder, "ve.tsv")).toEqual([
      `7.jpg#0-0\t7\t${base64}\ta man at a desk\tTed Cruz(PER)-A man.\tentailment`,
      `7.jpg#0-1\t7\t${base64}\ta man at a desk\tTed Cruz(PER)-a senator\tentailment`,
      `7.jpg#1-0\t7\t${base64}\ta man at a desk\tRome(LOC)-A city.\tcontradiction`,
      `7.jpg#1-1\t7\t${base64}\ta man at a desk\tRome(LOC)-a city\tcontradiction`,
      `8.jpg#0-0\t8\t${base64}\ta logo\tESA(ORG)-An agency.\tcontradiction`,
    ]);
    expect(linesOf(folder, "ve.jsonl")[0]).toBe(
      '{"id":"7.jpg#0-0","post_id":"7","image":"7.jpg","entity":"Ted Cruz","type":"PER","expansion":"A man.",' +
        '"expansion_method":"llm","text":"Ted Cruz(PER)-A man.","caption":"a man at a desk","label":"entailment"}',
    );
    expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toMatchObject({
      gold: { positive: 1, negative: 2 },
      entities_by_phrasings: { 1: 1, 2: 2 },
      rows: { total: 5, positive: 2, negative: 3 },
    });
  });

  it("builds visual grounding from RiVEG's gold, which has expansions of its own", async () => {
    const folder = folderOf(FILES);
    const files = ["--gold", "./gold.txt", "--expansions", "./gold.txt", "--out", "./vg.jsonl"];
    expect(await build(folder, "vg", ...files, "--several-boxes", "largest")).toBe(0);
    expect(linesOf(folder, "vg.jsonl")).toEqual([
      '{"id":"7.jpg#0-0-0","post_id":"7","image":"7.jpg","entity":"Ted Cruz","type":"PER","expansion":"a senator",' +
        '"expansion_method":"llm","text":"Ted Cruz(PER)-a senator","box":[1,2,30,40]}',
    ]);
    expect(String(stdout.mock.calls[0]?.[0])).toMatch(/^rows +1$/m);
  });

  it("builds mention recognition with a copy for each model", async () => {
    const folder = folderOf(FILES);
    const knowledge = ["--knowledge", "./know.jsonl", "--knowledge", "./more.jsonl"];
    expect(await build(folder, "mner", ...gold, ...knowledge, "--out", "./m.jsonl", "--conll", "./m.txt")).toBe(0);
    expect(linesOf(folder, "m.jsonl").map((line) => JSON.parse(line).id)).toEqual([
      ...["7.jpg#0", "7.jpg#1", "8.jpg#0", "8.jpg#1"],
    ]);
    expect(readFileSync(join(folder, "m.txt"), "utf8")).toContain("Rome\tB-LOC\n<EOS>\tX\nTed\tX\nCruz\tX\nis\tX\n");
  });

  it("finds what belongs to both posts of one id", async () => {
    const folder = folderOf({
      ...FILES,
      "set/txt/train.txt": "IMGID:7\nRome\tB-LOC\n\nIMGID:7\nTed\tB-PER\nCruz\tI-PER\n",
    });
    const files = ["--expansions", "./llm.txt", "--captions", "./blip-15.txt", "--images", "./pictures"];
    expect(await build(folder, "ve", ...gold, ...files, "--out", "./a.jsonl", "--tsv", "./a.tsv")).toBe(0);
    const rest = [picture.toString("base64"), "a man at a desk"];
    expect(linesOf(folder, "a.tsv").map((line) => line.split("\t"))).toEqual([
      ["7.jpg#0-0", "7", ...rest, "Rome(LOC)-A city.", "contradiction"],
      ["7#2.jpg#0-0", "7", ...rest, "Ted Cruz(PER)-A man.", "entailment"],
    ]);
    expect(JSON.parse(linesOf(folder, "a.jsonl")[1] ?? "")).toMatchObject({ post_id: "7#2", image: "7.jpg" });
    expect(await build(folder, "mner", ...gold, "--knowledge", "./know.jsonl", "--out", "./m.jsonl")).toBe(0);
    const posts = linesOf(folder, "m.jsonl").map((line) => JSON.parse(line));
    expect(posts.map(({ id, image, knowledge }) => [id, image, knowledge])).toEqual([
      ["7.jpg#0", "7.jpg", "Ted Cruz is a senator."],
      ["7#2.jpg#0", "7.jpg", "Ted Cruz is a senator."],
    ]);
  });

  it("writes the same bytes when it is called again", async () => {
    const folder = folderOf(FILES);
    const argv = ["ve", ...gold, "--expansions", "./llm.txt", "--without-captions", "--images", "./pictures"];
    expect(await build(folder, ...argv, "--out", "./a.jsonl", "--tsv", "./a.tsv")).toBe(0);
    expect(await build(folder, ...argv, "--out", "./b.jsonl", "--tsv", "./b.tsv")).toBe(0);
    for (const ending of ["jsonl", "tsv"])
      expect(linesOf(folder, `a.${ending}`)).toEqual(linesOf(folder, `b.${ending}`));
    expect(stdout.mock.calls[0]).toEqual(stdout.mock.calls[1]);
  });

  it.each([
    [
      "an expansion is missing",
      ["--expansions", "./gold.txt"],
      "1 of 3 entities have no expansion; the first is ESA(ORG)",
    ],
    ["a file is not there", ["--expansions", "./none.txt"], "none.txt: ENOENT"],
    [
      "a file is of no known kind",
      ["--expansions", "./blip-15.txt"],
      "blip-15.txt: the kind of file is not recognized",
    ],
    ["a caption is missing", ["--expansions", "./llm.txt", "--captions", "./blip-15.txt"], "1 posts have no caption"],
    ["the folder of --out is not there", ["--expansions", "./llm.txt", "--out", "./none/a"], "ENOENT"],
  ])("returns 1, says why and writes nothing when %s", async (_, argv, message) => {
    const folder = folderOf(FILES);
    expect(await build(folder, "ve", ...gold, "--out", "./a.jsonl", ...argv)).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
    expect([existsSync(join(folder, "a.jsonl")), existsSync(join(folder, "a.jsonl.new"))]).toEqual([false, false]);
  });

  it.each([
    [["vqa", ...gold, "--out", "a"], "there is no training set vqa; there are ve, vg, mner"],
    [["constructor", ...gold, "--out", "a"], "there is no training set constructor"],
    [["ve", "--out", "a"], "--gold FILE and --out FILE are required"],
    [["ve", ...gold], "--gold FILE and --out FILE are required"],
    [["ve", ...gold, "--out", "a", "--knowledge", "b"], "--knowledge is no option of build ve"],
    [["vg", ...gold, "--out", "a", "--without-captions"], "--without-captions is no option of build vg"],
    [["mner", ...gold, "--out", "a", "--tsv", "b"], "--tsv is no option of build mner"],
    [["vg", ...gold, "--out", "a", "--several-boxes", "all"], "--several-boxes is each or first or largest, not all"],
    [["ve", ...gold, "--out", "a", "--without-expansion", "skip"], "--without-expansion is refuse or name, not skip"],
    [["ve", ...gold, "--out", "a", "--tsv", "b"], "--tsv FILE needs the pictures: --images DIR"],
    [["ve", ...gold, "--out", "a", "--tsv", "b", "--images", "c"], "name --captions FILE, or leave it empty"],
    [
      ["vg", ...gold, "--out", "./set/txt/../txt/train.txt"],
      "cannot be written: it is another file of the same command",
    ],
    [["vg", ...gold, "--out", "./a", "--tsv", "./a", "--images", "c"], "a cannot be written: it is another file"],
    [["vg", "--gold", "./a.new", "--out", "./a"], "a.new cannot be written: it is another file of the same command"],
    [["vg", ...gold, "--out", "./a", "--tsv", "./a.new", "--images", "c"], "a.new cannot be written"],
    [["ve", "vg", ...gold, "--out", "a"], "1 operands expected, got 2"],
  ])("returns 2 when it is called with %j", async (argv, message) => {
    expect(await build(folderOf({}), ...argv)).toBe(2);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("usage: npm run eval -- build"));
  });
});
