import { afterEach, describe, expect, it, vi } from "vitest";
import { faultOfWritten, readCommandLine } from "../../../../eval/commands/command-line.ts";

const USAGE = "usage: npm run eval -- mner FILE.conll";

describe("readCommandLine", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });

  it("gives the operands and whether JSON is wanted", () => {
    const rest = { operands: ["a.conll"], values: {}, lists: {}, flags: new Set() };
    expect(readCommandLine(["a.conll"], USAGE, 1)).toEqual({ json: false, ...rest });
    expect(readCommandLine(["--json", "a.conll"], USAGE, 1)).toEqual({ json: true, ...rest });
  });

  it("gives the values of the command's own options, and none for those that were not given", () => {
    const read = readCommandLine(["--set", "open"], USAGE, 0, ["set", "record"]);
    expect(read).toEqual({ json: false, operands: [], values: { set: "open" }, lists: {}, flags: new Set() });
    expect(readCommandLine(["--set"], USAGE, 0, ["set"])).toBe(2);
  });

  it("gives the values of an option that may be repeated in their order, and the flags that were given", () => {
    const others = { repeated: ["file", "other"], flags: ["fast", "slow"] };
    expect(readCommandLine(["--file", "b", "--fast", "--set", "open", "--file=a"], USAGE, 0, ["set"], others)).toEqual({
      json: false,
      operands: [],
      values: { set: "open" },
      lists: { file: ["b", "a"] },
      flags: new Set(["fast"]),
    });
    expect(readCommandLine(["--set", "a", "--set", "b"], USAGE, 0, ["set"], others)).toMatchObject({
      values: { set: "b" },
    });
    expect(readCommandLine(["--fast=yes"], USAGE, 0, [], others)).toBe(2);
    expect(readCommandLine(["--file"], USAGE, 0, [], others)).toBe(2);
  });

  it("prints the usage and returns 0 when help is asked for, whatever else is wrong", () => {
    expect(readCommandLine(["--help"], USAGE, 1)).toBe(0);
    expect(stdout).toHaveBeenCalledWith(USAGE);
    expect(stderr).not.toHaveBeenCalled();
  });

  it.each([
    ["an operand is missing", []],
    ["there is an operand too many", ["a.conll", "b.conll"]],
    ["an option is unknown", ["a.conll", "--jsn"]],
    ["a flag has a value", ["a.conll", "--json=yes"]],
  ])("prints the usage and returns 2 when %s", (_, argv) => {
    expect(readCommandLine(argv, USAGE, 1)).toBe(2);
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining(USAGE));
    expect(stdout).not.toHaveBeenCalled();
  });
});

describe("faultOfWritten", () => {
  it.each([
    [["a", "b"], ["c"], null],
    [[undefined, "a"], ["b"], null],
    [["b"], ["a", "./x/../b"], "b cannot be written: it is another file of the same command"],
    [["a", "./a"], [], "./a cannot be written: it is another file of the same command"],
  ])("of %j, where %j are read, is %j", (written, read, fault) => {
    expect(faultOfWritten(written, read)).toBe(fault);
  });
});
