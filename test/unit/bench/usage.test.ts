import { afterEach, describe, expect, it, vi } from "vitest";
import { readCommand } from "../../../bench/usage.ts";

const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
afterEach(() => {
  log.mockClear();
  error.mockClear();
});

describe("readCommand", () => {
  it("means everything when nothing is named", () => {
    expect(readCommand(["--json"])).toMatchObject({ name: "all", options: { json: true, check: false } });
  });

  it("reads a benchmark's name and its options", () => {
    expect(readCommand(["gateway", "--install"])).toMatchObject({ name: "gateway", options: { install: true } });
  });

  it("leaves the options of latency and load to them", () => {
    expect(readCommand(["load", "--concurrent", "4"])).toMatchObject({ name: "load", rest: ["--concurrent", "4"] });
  });

  it("prints the usage when help is asked for", () => {
    expect(readCommand(["--help"])).toBe(0);
    expect(log.mock.lastCall?.[0]).toMatch(/^usage: npm run bench/);
  });

  it.each([["flor"], ["--fast"], ["floor extra"]])("refuses %s with status 2", (words) => {
    expect(readCommand(words.split(" "))).toBe(2);
    expect(error.mock.lastCall?.[0]).toContain("usage: npm run bench");
  });
});
