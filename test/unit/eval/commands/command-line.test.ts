import { afterEach, describe, expect, it, vi } from "vitest";
import { readCommandLine } from "../../../../eval/commands/command-line.ts";

const USAGE = "usage: npm run eval -- mner FILE.conll";

describe("readCommandLine", () => {
  const stdout = vi.spyOn(console, "log").mockReturnValue();
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });

  it("gives the operands and whether JSON is wanted", () => {
    expect(readCommandLine(["a.conll"], USAGE, 1)).toEqual({ json: false, operands: ["a.conll"], values: {} });
    expect(readCommandLine(["--json", "a.conll"], USAGE, 1)).toEqual({ json: true, operands: ["a.conll"], values: {} });
  });

  it("gives the values of the command's own options, and none for those that were not given", () => {
    const read = readCommandLine(["--set", "open"], USAGE, 0, ["set", "record"]);
    expect(read).toEqual({ json: false, operands: [], values: { set: "open" } });
    expect(readCommandLine(["--set"], USAGE, 0, ["set"])).toBe(2);
  });

  it("gives a flag the value true when it is given", () => {
    const read = (...argv: string[]) => readCommandLine(argv, USAGE, 0, ["out"], ["allow-unlinked"]);
    expect(read("--allow-unlinked")).toMatchObject({ values: { "allow-unlinked": "true" } });
    expect(read("--out", "true")).toEqual({ json: false, operands: [], values: { out: "true" } });
    expect(read("--allow-unlinked=yes")).toBe(2);
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
