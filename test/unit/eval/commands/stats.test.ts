import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { printStatistics } from "../../../../eval/commands/stats.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";

const TEXT = "IMGID:7\nTed\tB-PER\n\nIMGID:8\nESA\tB-ORG\n";

describe("printStatistics", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });

  it("counts the splits of a folder, in their order, with pictures", async () => {
    const folder = folderOf({
      "set/txt/test.txt": TEXT,
      "set/txt/train.txt": TEXT,
      "set/xml/7.xml": vocXml([["Ted", [1, 2, 3, 4]]]),
      "pictures/7.jpg": "no picture",
    });
    const pictures = join(folder, "pictures");
    expect(await printStatistics([join(folder, "set"), "--images", pictures, "--json"])).toBe(0);
    const report = JSON.parse(String(stdout.mock.calls[0]?.[0]));
    expect(Object.keys(report)).toEqual(["train.txt", "test.txt"]);
    expect(report["test.txt"]).toMatchObject({
      posts: 2,
      entities: 2,
      groundable: 1,
      pictures: { missing: ["8"], broken: ["7"] },
    });
  });

  it("counts one file, and prints a table", async () => {
    const folder = folderOf({ "test.txt": TEXT });
    expect(await printStatistics([join(folder, "test.txt")])).toBe(0);
    expect(String(stdout.mock.calls[0]?.[0])).toMatch(/^groundable +–$/m);
  });

  it("returns 1 and says why when there is nothing to read", async () => {
    const folder = folderOf({ "readme.md": "" });
    expect(await printStatistics([folder])).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("has none of train.txt, dev.txt"));
    expect(await printStatistics([join(folder, "none")])).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("there is no"));
  });

  it("returns 2 when it is called wrongly", async () => {
    expect(await printStatistics([])).toBe(2);
  });
});
