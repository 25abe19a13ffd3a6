import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { proposeMasks } from "../../../../eval/commands/propose.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";
import { boxMask, plainPicture, startSegmentServer } from "../../../support/segment-server.ts";

const stdout = vi.spyOn(console, "log").mockReturnValue();
const stderr = vi.spyOn(console, "error").mockReturnValue();
afterEach(() => {
  vi.clearAllMocks();
});
const world = { sleep: async () => undefined, clock: () => 0 };

const TEXT = "IMGID:7\nTed\tB-PER\nand\tO\nESA\tB-ORG\n\nIMGID:8\nTed\tB-PER\n";

async function start() {
  const server = await startSegmentServer();
  const picture = await plainPicture(20, 10, 6);
  const folder = folderOf({
    "set/txt/train.txt": TEXT,
    "set/txt/dev.txt": "IMGID:9\nTed\tB-PER\n",
    "set/xml/7.xml": vocXml([
      ["Ted", [1, 2, 5, 12]],
      ["ESA", [100, 2, 110, 12]],
    ]),
    "set/xml/9.xml": vocXml([["Ted", [1, 2, 5, 12]]]),
    "p/7.jpg": picture,
    "p/9.png": picture,
  });
  const out = join(folder, "coco.json");
  const options = [join(folder, "set"), "--images", join(folder, "p"), "--out", out, "--endpoint", server.url];
  const run = (...more: string[]) => proposeMasks([...options, ...more], world);
  const read = (file = out) => JSON.parse(readFileSync(file, "utf8"));
  return { server, folder, out, run, read };
}

describe("proposeMasks", () => {
  it("proposes a mask for each gold box of all splits, and writes what it proposed beside it", async () => {
    const { run, read, out } = await start();
    expect(await run("--json")).toBe(0);
    // The pictures lie on their side: upright, they are 10 wide and 20 high.
    const mask = boxMask([1, 2, 5, 12], 10, 20);
    const coco = read();
    expect(coco.images).toEqual([
      { id: 1, file_name: "7.jpg", height: 20, width: 10 },
      { id: 2, file_name: "9.png", height: 20, width: 10 },
    ]);
    expect(coco.annotations).toMatchObject([
      {
        id: 1,
        image_id: 1,
        category_id: 2,
        area: 40,
        bbox: [1, 2, 4, 10],
        attributes: { link: "7/0/0", box: "1 2 5 12" },
      },
      { id: 2, image_id: 2, category_id: 2, attributes: { link: "9/0/0" } },
    ]);
    expect(coco.annotations[0].segmentation).toEqual([[5, 2, 5, 12, 1, 12, 1, 2]]);
    expect(coco.info.without_proposal).toMatchObject([{ link: "7/1/0", entity: "ESA", reason: "outside_picture" }]);
    const { proposals } = read(`${out}.proposals.json`);
    expect(
      proposals.map(({ link, annotation_id, mask: one }: Record<string, unknown>) => [link, annotation_id, one]),
    ).toEqual([
      ["7/0/0", 1, mask],
      ["7/1/0", null, null],
      ["9/0/0", 2, mask],
    ]);
    const report = JSON.parse(String(stdout.mock.calls[0]?.[0]));
    expect(report).toMatchObject({ masks: 2, notes: ["1 boxes have no proposal: info.without_proposal lists them"] });
  });

  it("proposes for one split, as RLE, and says what the tools make of it", async () => {
    const { run, read } = await start();
    expect(await run("--split", "dev", "--form", "rle")).toBe(0);
    expect(read().annotations).toMatchObject([{ id: 1, segmentation: boxMask([1, 2, 5, 12], 10, 20) }]);
    expect(stdout.mock.lastCall?.[0]).toMatch(/\n1 masks are RLE: .*Label Studio cannot read the file$/);
  });

  it("writes the same bytes each time", async () => {
    const { run, out } = await start();
    await run();
    const before = [out, `${out}.proposals.json`].map((file) => readFileSync(file, "utf8"));
    await run("--max-concurrent", "1");
    expect([out, `${out}.proposals.json`].map((file) => readFileSync(file, "utf8"))).toEqual(before);
  });

  it("returns 1 when a post was not answered, and lists its boxes as without a proposal", async () => {
    const { run, read, server } = await start();
    server.faults.push({ problem: "invalid_picture" });
    expect(await run("--max-concurrent", "1")).toBe(1);
    expect(read().info.without_proposal.map(({ reason }: { reason: string }) => reason)).toEqual(["failed", "failed"]);
    expect(read().images).toHaveLength(2);
  });

  it("returns 1 when gold has no boxes, and says why", async () => {
    const { out, folder } = await start();
    const text = folderOf({ "dev.txt": "IMGID:9\nTed\tB-PER\n" });
    const argv = [text, "--images", join(folder, "p"), "--out", out, "--endpoint", "http://[::1]:1"];
    expect(await proposeMasks(argv, world)).toBe(1);
    expect(stderr.mock.lastCall?.[0]).toBe(
      `${text} has no boxes: a conll file without Pascal VOC files has no boxes (--xml DIR)`,
    );
  });

  it("returns 1 and asks nothing when the output is the data set, and names the file of an id that occurs twice", async () => {
    const { run, server, folder } = await start();
    const gold = join(folder, "gold.jsonl");
    writeFileSync(
      gold,
      `${JSON.stringify({ id: "7", entities: [{ text: "Ted", type: "PER", boxes: [[1, 2, 5, 9]] }] })}\n`,
    );
    const argv = [gold, "--images", join(folder, "p"), "--out", gold, "--endpoint", server.url];
    expect(await proposeMasks(argv, world)).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(`--out ${gold} would replace the input ${gold}: name another file`);
    writeFileSync(join(folder, "set/txt/dev.txt"), TEXT);
    expect(await run()).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(`${join(folder, "set")}: the id 7 occurs twice`);
    expect(server.asked).toEqual([]);
  });

  it("returns 1 for a split or a folder that is not there, and writes nothing", async () => {
    const { run, out, folder } = await start();
    expect(await run("--split", "test")).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(`${join(folder, "set")} has no split test; it has train.txt, dev.txt`);
    expect(
      await proposeMasks([join(folder, "none"), "--images", "p", "--out", out, "--endpoint", "http://[::1]:1"]),
    ).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("there is no"));
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [[], "1 operands expected, got 0"],
    [["set"], "--images DIR and --out FILE are required"],
    [
      ["set", "--images", "p", "--out", "o", "--endpoint", "https://a", "--form", "png"],
      "--form is polygon or rle, not png",
    ],
  ])("returns 2 when called with %j", async (argv, message) => {
    expect(await proposeMasks(argv)).toBe(2);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
  });
});
