import { afterEach, describe, expect, it, vi } from "vitest";
import { printResult, readBenchOptions } from "../../../bench/command-line.ts";

const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
afterEach(() => {
  log.mockClear();
  error.mockClear();
});

describe("readBenchOptions", () => {
  it("takes the default when nothing is asked for", () => {
    expect(readBenchOptions([], "usage", 30)).toEqual({ posts: 30, json: false });
  });

  it("gives the posts and whether JSON is wanted", () => {
    expect(readBenchOptions(["--posts", "3", "--json"], "usage", 30)).toEqual({ posts: 3, json: true });
  });

  it.each([["--help"], ["-h"]])("prints the usage and returns 0 when called with %s", (flag) => {
    expect(readBenchOptions([flag], "usage", 30)).toBe(0);
    expect(log).toHaveBeenCalledWith("usage");
  });

  it.each([[["--posts", "0"]], [["--posts", "many"]], [["--posts", "1.5"]], [["--post", "3"]], [["3"]]])(
    "returns 2 and prints the usage when called with %j",
    (argv) => {
      expect(readBenchOptions(argv, "usage", 30)).toBe(2);
      expect(error.mock.lastCall?.[0]).toMatch(/.+\nusage$/);
    },
  );
});

describe("printResult", () => {
  it("prints one figure a line with two decimals at most", () => {
    printResult({ p50_ms: 301, ratio: 1.23456 }, false);
    expect(log.mock.calls.map(([line]) => line)).toEqual(["p50_ms               301", "ratio                1.23"]);
  });

  it("prints the exact figures when JSON is wanted", () => {
    printResult({ ratio: 1.23456 }, true);
    expect(log).toHaveBeenCalledWith('{"ratio":1.23456}');
  });
});
