import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { scoreFiles } from "../../../../eval/commands/score.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";

const predicted = (id: string, ...entities: object[]) => `${JSON.stringify({ id, entities })}\n`;
const FILES = {
  "set/txt/test.txt": "IMGID:7\nTed\tB-PER\nCruz\tI-PER\nin\tO\nRome\tB-LOC\n\nIMGID:8\nESA\tB-ORG\n",
  "set/xml/7.xml": vocXml([["Ted Cruz", [0, 0, 10, 10]]]),
  // Half of the gold box: right by RiVEG's protocol alone.
  "a.jsonl":
    predicted(
      "7",
      { text: "Ted Cruz", type: "PER", start: 0, end: 2, boxes: [[0, 0, 5, 10]] },
      { text: "Rome", type: "ORG", start: 3, end: 4 },
    ) + predicted("8"),
  "b.jsonl":
    predicted(
      "7",
      { text: "Ted Cruz", type: "PER", start: 0, end: 2, boxes: [[0, 0, 10, 10]] },
      { text: "Rome", type: "LOC", start: 3, end: 4 },
    ) + predicted("8", { text: "ESA", type: "ORG", start: 0, end: 1 }),
  "candidates.jsonl": '{"id": "7", "boxes": [[0, 0, 10, 10]]}\n',
  "riveg-gold.txt": "7.jpg###Ted Cruz(PER)###a man###2###&[0, 0, 10, 10]\n",
  "riveg.txt": "Imageid:7.jpg#6aac###Ted Cruz(PER)###Ted Cruz(PER)-a man###2\n",
  "boxes.json": '[{"uniq_id": "7.jpg#6aac", "box": [0, 0, 10, 9]}]',
};

describe("scoreFiles", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });
  const score = async (folder: string, gold: string, predictions: string, ...rest: string[]) => {
    const files = ["--gold", join(folder, gold), "--predictions", join(folder, predictions)];
    const status = await scoreFiles([...files, "--resamples", "100", ...rest]);
    return { status, printed: String(stdout.mock.calls.at(-1)?.[0]) };
  };

  it("prints every protocol as JSON, with full precision, and the reason where one was not scored", async () => {
    const { status, printed } = await score(folderOf(FILES), "set/txt/test.txt", "a.jsonl", "--json");
    expect(status).toBe(0);
    const report = JSON.parse(printed);
    expect(report.protocols.riveg).toEqual({
      gmner: { right: 1, predicted: 2, gold: 3, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 },
      eeg: { right: 2, predicted: 2, gold: 3, precision: 1, recall: 2 / 3, f1: 4 / 5 },
      mner: { right: 1, predicted: 2, gold: 3, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 },
    });
    expect(report.protocols.definition.gmner).toMatchObject({ right: 0 });
    expect(report.protocols["h-index"]).toEqual({ gmner: null, eeg: null, mner: null });
    expect(report.reasons["h-index"].gmner).toContain("--candidates FILE");
    expect(report.confusion).toEqual({ PER: { PER: 1 }, LOC: { ORG: 1 }, ORG: { none: 1 } });
    expect(report.coverage).toMatchObject({ posts: 2, answered: 2 });
    expect(report.by_type.riveg.mner.LOC).toMatchObject({ precision: null, recall: 0 });
    expect(report.error_budget[0].rows[0]).toEqual({ oracle: "none", f1: 0 });
    expect(report.rates.grounded_although_absent).toMatchObject({ count: 0, of: 1 });
    expect(report.intervals.riveg.gmner).toMatchObject({ level: 0.95, resamples: 100 });
  });

  it("prints one task by one protocol when it is asked to", async () => {
    const { printed } = await score(
      folderOf(FILES),
      ...(["set/txt/test.txt", "a.jsonl", "--json", "--task", "eeg", "--protocol", "definition"] as const),
    );
    const { protocols } = JSON.parse(printed);
    expect([Object.keys(protocols), Object.keys(protocols.definition)]).toEqual([["definition"], ["eeg"]]);
  });

  it("finds a perfect score for gold against itself by every protocol that can be scored", async () => {
    const folder = folderOf(FILES);
    const candidates = join(folder, "candidates.jsonl");
    const { printed } = await score(folder, "set/txt/test.txt", "b.jsonl", "--json", "--candidates", candidates);
    const { protocols } = JSON.parse(printed);
    const scored = Object.values(protocols as Record<string, object>).flatMap((tasks) => Object.values(tasks));
    expect(scored.flatMap((one) => (one ? [one.f1] : []))).toEqual(Array.from({ length: 15 }, () => 1));
  });

  it("scores RiVEG's own rows with OFA's boxes by the protocols that need no offsets", async () => {
    const folder = folderOf(FILES);
    const boxes = join(folder, "boxes.json");
    const { printed } = await score(folder, "riveg-gold.txt", "riveg.txt", "--json", "--boxes", boxes);
    const { protocols, reasons, error_budget } = JSON.parse(printed);
    expect([protocols.riveg.gmner.f1, protocols["per-box"].gmner.f1, protocols.definition.gmner]).toEqual([1, 1, null]);
    expect(reasons.definition.gmner).toBe("RiVEG's rows have names and no offsets");
    expect(error_budget[0].protocol).toBe("riveg");
  });

  it("prints a table, with a second system beside the first", async () => {
    const folder = folderOf(FILES);
    const { printed } = await score(folder, "set/txt/test.txt", "a.jsonl", "--compare", join(folder, "b.jsonl"));
    expect(printed).toMatch(/^riveg gmner +50\.00 +33\.33 +40\.00 /m);
    expect(printed).toMatch(/^h-index gmner +– needs the candidate boxes/m);
    expect(printed).toMatch(/^riveg gmner +40\.00 +100\.00 +60\.00 +\d\.\d{3}$/m);
  });

  it("writes a page", async () => {
    const folder = folderOf(FILES);
    const page = join(folder, "page.html");
    expect((await score(folder, "set/txt/test.txt", "a.jsonl", "--html", page)).status).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("<svg");
  });

  it("gives predictions no boxes that lie beside their file: those are gold's", async () => {
    const { printed } = await score(folderOf(FILES), "set/txt/test.txt", "set/txt/test.txt", "--json");
    const { protocols, reasons } = JSON.parse(printed);
    expect([protocols.definition.gmner, protocols.definition.mner.f1]).toEqual([null, 1]);
    expect(reasons.definition.gmner).toContain("has no boxes");
  });

  it("returns 1 and says why when a file cannot be read or compared", async () => {
    const folder = folderOf({ ...FILES, "other.jsonl": predicted("9") });
    expect((await score(folder, "set/txt/test.txt", "none.jsonl")).status).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("none.jsonl"));
    expect((await score(folder, "set/txt/test.txt", "other.jsonl")).status).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("no predicted post is in gold"));
    expect((await score(folder, "set/txt/test.txt", "a.jsonl", "--types", "fine")).status).toBe(1);
  });

  it.each([
    [["--protocol", "conll"], "there is no protocol conll; there are all, definition, riveg"],
    [["--task", "ner"], "there is no task ner"],
    [["--mask-iou", "1.5"], "--mask-iou is a number from 0 to below 1"],
    [["--resamples", "1.5"], "--resamples is a whole number"],
    [["--gold", ""], "--gold FILE and --predictions FILE are required"],
  ])("returns 2 when it is called with %j", async (options, message) => {
    expect(await scoreFiles(["--gold", "a", "--predictions", "b", ...options])).toBe(2);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
  });
});
