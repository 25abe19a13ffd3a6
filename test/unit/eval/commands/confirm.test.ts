import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cocoOf } from "../../../../eval/coco/coco-file.ts";
import { confirmMasks } from "../../../../eval/commands/confirm.ts";
import { readEvaluated } from "../../../../eval/readers/kinds/index.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { proposed } from "../../../support/proposed.ts";
import { drawn } from "../../../support/rle.ts";

const stdout = vi.spyOn(console, "log").mockReturnValue();
const stderr = vi.spyOn(console, "error").mockReturnValue();
afterEach(() => {
  vi.clearAllMocks();
});

const [TED, ESA] = [drawn("##..", "##..", "...."), drawn("..##", "...#", "..##")];
const FILE = proposed({
  "7": [
    { text: "Ted", type: "PER", mask: TED },
    { text: "ESA", type: "ORG", mask: ESA },
  ],
  "8": [{ text: "Ted", type: "PER", mask: TED }],
});

function start(change: (coco: { annotations: object[]; images: object[] }) => object = (coco) => coco) {
  const coco = change(JSON.parse(JSON.stringify(cocoOf(FILE, "polygon"))));
  const folder = folderOf({
    "coco.json": JSON.stringify(coco),
    "proposals.json": JSON.stringify(FILE),
    "train.txt": "IMGID:7\nTed\tB-PER\nESA\tB-ORG\n\nIMGID:8\nTed\tB-PER\n",
  });
  const [file, out] = [join(folder, "coco.json"), join(folder, "masks")];
  const run = (...more: string[]) =>
    confirmMasks([file, "--proposals", join(folder, "proposals.json"), "--out", out, ...more]);
  return { folder, file, out, run };
}
const STRANGER = { id: 9, image_id: 1, category_id: 2, segmentation: [[3, 2, 4, 2, 4, 3, 3, 3]] };

describe("confirmMasks", () => {
  it("writes one file a picture, which is read as gold of the kind smner: what was confirmed", async () => {
    const { run, out, folder } = start((coco) => ({ ...coco, annotations: coco.annotations.slice(0, 2) }));
    expect(await run("--json")).toBe(0);
    const { kind, posts, notes } = await readEvaluated({ role: "gold", file: join(folder, "train.txt"), masks: out });
    expect([kind, notes]).toEqual(["smner", []]);
    expect(posts.map(({ entities }) => entities.map(({ text, masks }) => [text, masks]))).toEqual([
      [
        ["Ted", [TED]],
        ["ESA", [ESA]],
      ],
      [["Ted", []]],
    ]);
    expect(JSON.parse(readFileSync(join(out, "8.json"), "utf8"))).toMatchObject({
      shapes: [],
      rejected: [{ label: "Ted" }],
    });
    expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toEqual({
      ...{ pictures: 2, masks: 2, unchanged: 2, changed: 0, drawn: 0, rejected: 1, without_mask: 0 },
      ...{ linked_by_attributes: 2, linked_by_id: 0, linked_by_overlap: 0, other_category: 0, joined_parts: 0 },
      ...{ boxes_left_out: 0, unlinked: [], not_seen: [] },
    });
  });

  it("prints what became of the proposals", async () => {
    const { run } = start((coco) => ({
      ...coco,
      images: coco.images.slice(0, 1),
      annotations: coco.annotations.slice(0, 1),
    }));
    expect(await run()).toBe(0);
    const table = String(stdout.mock.calls[0]?.[0]);
    expect(table).toMatch(/^masks +1$/m);
    expect(table).toMatch(/^rejected +1$/m);
    expect(table).toMatch(/^pictures not in the file +1$/m);
  });

  it("returns 1, writes nothing and lists the place when an annotation is of no proposal", async () => {
    const { run, out, file } = start((coco) => ({ ...coco, annotations: [...coco.annotations, STRANGER] }));
    expect(await run()).toBe(1);
    expect(stderr.mock.calls[0]?.[0]).toMatch(`${file}: annotations.3 (id 9, 7.jpg), PER: no free proposal of`);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("Nothing was written"));
    expect(existsSync(out)).toBe(false);
  });

  it("writes the others with --allow-unlinked, and lists it all the same", async () => {
    const { run, out } = start((coco) => ({ ...coco, annotations: [...coco.annotations, STRANGER] }));
    expect(await run("--allow-unlinked")).toBe(0);
    expect(stderr).toHaveBeenCalledTimes(1);
    expect(JSON.parse(readFileSync(join(out, "7.json"), "utf8")).shapes).toHaveLength(2);
  });

  it.each([
    ["no JSON", "{", /coco\.json: .*JSON/],
    ["another kind of file", "[]", /coco\.json: not as COCO's format has it: the file: Invalid input/],
  ])("returns 1 and names a file that is %s", async (_, text, message) => {
    const { run, file } = start();
    writeFileSync(file, text);
    expect(await run()).toBe(1);
    expect(stderr.mock.lastCall?.[0]).toMatch(message);
  });

  it("reads a file with a byte order mark, as editors on Windows write it", async () => {
    const { run, file } = start();
    writeFileSync(file, `\ufeff${readFileSync(file, "utf8")}`);
    expect(await run()).toBe(0);
  });

  it("returns 1 and names a folder in place of a file", async () => {
    const { folder, file, out } = start();
    const message = `${folder}: EISDIR: illegal operation on a directory, read`;
    expect(await confirmMasks([folder, "--proposals", join(folder, "proposals.json"), "--out", out])).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(message);
    expect(await confirmMasks([file, "--proposals", folder, "--out", out])).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(message);
  });

  it("returns 1 and names proposals that are none, or not there", async () => {
    const { folder, file, out } = start();
    expect(await confirmMasks([file, "--proposals", file, "--out", out])).toBe(1);
    expect(stderr.mock.lastCall?.[0]).toMatch(/coco\.json: not as propose writes its proposals: version/);
    expect(await confirmMasks([file, "--proposals", join(folder, "none"), "--out", out])).toBe(1);
    expect(stderr.mock.lastCall?.[0]).toMatch(/none: ENOENT/);
  });

  it.each([
    [[], "1 operands expected"],
    [["coco.json"], "--proposals FILE and --out DIR are required"],
    [["coco.json", "--allow-unlinked=1"], "--allow-unlinked"],
  ])("returns 2 when called with %j", async (argv, message) => {
    expect(await confirmMasks(argv)).toBe(2);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
  });
});
