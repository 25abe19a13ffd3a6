import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KINDS, readEvaluated } from "../../../../../eval/readers/kinds/index.ts";
import { folderOf, vocXml } from "../../../../support/evaluation-files.ts";

const CONLL = "IMGID:7\nTed\tB-PER\n";
const FILES = {
  "gmner/txt/test.txt": CONLL,
  "gmner/xml/7.xml": vocXml([["Ted", [1, 2, 3, 4]]]),
  "conll.txt": CONLL,
  "fmnerg.txt": "IMGID:7\nTed\tB-person\tB-politician\n",
  "posts.jsonl": '{"id": "7", "entities": []}\n',
  "answers.jsonl": '{"id": "req_1", "offset_encoding": "utf-16", "entities": []}\n',
  "batch.jsonl": '{"number": 1, "line": 1, "id": "7", "state": "failed", "answer": null}\n',
  "unco.json": '[\n {"tokens": ["Ted"], "image_id": "7.jpg", "gt_entities": []}\n]',
  "riveg-gold.txt": "7.jpg###Ted(PER)###a man###0###&[0, 0, 0, 0]\n",
  "riveg-predictions.txt": "Imageid:7.jpg#6aac###Ted(PER)###Ted(PER)-a man###0\n",
};

describe("readEvaluated", () => {
  it.each([
    ["gmner/txt/test.txt", "gmner"],
    ["conll.txt", "conll"],
    ["fmnerg.txt", "fmnerg"],
    ["posts.jsonl", "posts"],
    ["answers.jsonl", "answers"],
    ["batch.jsonl", "answers"],
    ["unco.json", "unco"],
    ["riveg-gold.txt", "riveg-gold"],
    ["riveg-predictions.txt", "riveg-predictions"],
  ])("recognizes %s as %s", async (file, kind) => {
    const folder = folderOf(FILES);
    expect((await readEvaluated({ role: "gold", file: join(folder, file) })).kind).toBe(kind);
  });

  it.each(Object.entries(FILES).filter(([name]) => /\.(?:txt|json|jsonl)$/.test(name)))(
    "reads %s alike with a byte order mark, and names the line that is not UTF-8",
    async (name, content) => {
      const folder = folderOf({
        ...FILES,
        [`marked/${name}`]: `\ufeff${content}`,
        [`latin/${name}`]: Buffer.concat([Buffer.from(content), Buffer.from([0xe9])]),
      });
      const xml = name.startsWith("gmner") ? { xml: join(folder, "gmner/xml") } : {};
      const read = (path: string) => readEvaluated({ role: "gold", file: join(folder, path), ...xml });
      expect(await read(`marked/${name}`)).toEqual(await read(name));
      await expect(read(`latin/${name}`)).rejects.toThrow(/latin\/.*: line \d is not UTF-8$/);
    },
  );

  it("reads a file as the format that is named", async () => {
    const folder = folderOf(FILES);
    const options = { role: "gold", file: join(folder, "gmner/txt/test.txt") } as const;
    expect((await readEvaluated(options, "conll")).kind).toBe("conll");
    await expect(readEvaluated(options, "coco")).rejects.toThrow(/there is no format coco. There are:\n {2}posts/);
  });

  it.each(Object.entries(FILES).filter(([name]) => !name.endsWith(".xml")))(
    "reads %s also with a byte order mark",
    async (name, text) => {
      const folder = folderOf({ ...FILES, [name]: `\ufeff${text}` });
      const whole = folderOf(FILES);
      const read = async (at: string) => (await readEvaluated({ role: "gold", file: join(at, name) })).posts;
      expect(await read(folder)).toEqual(await read(whole));
    },
  );

  it("says what is wrong with JSON that cannot be parsed, such as Python's NaN", async () => {
    const folder = folderOf({
      "unco.json": '[{"tokens": ["Ted"],\n "image_id": "7.jpg", "gt_entities": [NaN]}]',
      "posts.jsonl": '{"id": "7", "entities": [NaN]}\n{"id": "8", "entities": []}\n',
    });
    for (const name of ["unco.json", "posts.jsonl"]) {
      const reading = readEvaluated({ role: "gold", file: join(folder, name) });
      await expect(reading).rejects.toThrow(
        /the kind of file is not recognized, and it is no JSON: Unexpected token 'N'/,
      );
    }
  });

  it("says what it found, and lists every kind, when it recognizes none", async () => {
    const folder = folderOf({ "a.csv": "id,text\n7,Ted\n", empty: "" });
    const reading = readEvaluated({ role: "gold", file: join(folder, "a.csv") });
    await expect(reading).rejects.toThrow(/a\.csv: .*begins with "id,text" and "7,Ted"/);
    for (const { name } of KINDS) await expect(reading).rejects.toThrow(`  ${name}`);
    await expect(readEvaluated({ role: "gold", file: join(folder, "empty") })).rejects.toThrow("begins with nothing");
  });
});
