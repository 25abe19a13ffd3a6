import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { OPTIONS, sourceBody } from "../../../../scripts/hooks/source-body.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-hooks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (...args: string[]) => sourceBody(parseArgs({ args, options: OPTIONS, allowPositionals: true }).values);

describe("a source", () => {
  test("is what its options say", () => {
    expect(
      read(
        ...["--name", "CMS", "--account", "newsroom", "--secret", "a-secret-of-this-test", "--scheme", "hmac"],
        ...["--header", "X-Signature", "--algorithm", "sha512", "--prefix", "v1=", "--encoding", "base64"],
        ...["--timestamp-header", "X-Time", "--tolerance", "60", "--text", "/title", "--text", "/body", "--html"],
        ...["--picture", "/a/*/url", "--picture", "/b", "--id", "/id", "--id-header", "X-Id"],
        ...["--where", "/event=a=b", "--where", "/draft=false", "--where", "/site=7"],
        ...["--defaults", '{"task":"mner"}', "--reply-pointer", "/callback"],
      ),
    ).toMatchObject({
      name: "CMS",
      account: "newsroom",
      secret: "a-secret-of-this-test",
      signature: {
        scheme: "hmac",
        header: "X-Signature",
        algorithm: "sha512",
        prefix: "v1=",
        encoding: "base64",
        timestamp_header: "X-Time",
        tolerance_seconds: 60,
      },
      mapping: {
        where: { "/event": "a=b", "/draft": false, "/site": 7 },
        text: ["/title", "/body"],
        html: true,
        pictures: ["/a/*/url", "/b"],
        id: "/id",
        id_header: "X-Id",
      },
      defaults: { task: "mner" },
      reply: { pointer: "/callback" },
    });
  });

  test("has what a preset gives, and options change it", () => {
    expect(
      read("--name", "M", "--preset", "mastodon", "--text", "/x", "--reply", "https://a.example.org/"),
    ).toMatchObject({
      signature: { scheme: "mastodon" },
      mapping: { text: "/x", html: true, id: "/object/id" },
      reply: { url: "https://a.example.org/" },
    });
    expect(read("--name", "M", "--preset", "post", "--scheme", "github").signature).toEqual({ scheme: "github" });
  });

  test("is in a file, and options change it", () => {
    const file = join(folder, "source.json");
    const stored = {
      name: "stored",
      signature: { scheme: "github" },
      mapping: { text: "/a", id: "/b" },
      reply: { pointer: "/c" },
    };
    writeFileSync(file, JSON.stringify(stored));
    expect(read("--file-config", file)).toMatchObject(stored);
    expect(read("--file-config", file, "--name", "other", "--text", "/z")).toMatchObject({
      ...stored,
      name: "other",
      mapping: { text: "/z", id: "/b" },
    });
  });
});

test.each<[string, string[], string]>([
  ["a field is missing", ["--name", "x", "--scheme", "github"], "/mapping/text is required"],
  ["a pointer is none", ["--name", "x", "--scheme", "github", "--text", "a"], "/mapping/text must be a JSON pointer"],
  ["a preset is none", ["--preset", "ghost"], "there is no preset ghost, but mastodon, post"],
  ["a preset is an object's own name", ["--preset", "constructor"], "there is no preset constructor"],
  ["a condition is none", ["--where", "event"], "--where must be like"],
  ["the defaults are no JSON", ["--defaults", "{"], "--defaults is no JSON"],
  ["there are two replies", ["--reply", "https://a/", "--reply-pointer", "/a"], "not both"],
  [
    "a number is none",
    ["--name", "x", "--scheme", "hmac", "--header", "a", "--tolerance", "x", "--text", "/a"],
    "tolerance",
  ],
])("is refused where %s", (_, args, message) => {
  expect(() => read(...args)).toThrow(message);
});
