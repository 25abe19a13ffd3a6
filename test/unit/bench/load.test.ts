import { expect, test, vi } from "vitest";
import { benchLoad } from "../../../bench/load.ts";

const stack = () => {
  throw new Error("no stack is needed");
};

test.each([
  ["--concurrent=0", "--concurrent must list integers from 1 to 500"],
  ["--concurrent=1,x", "--concurrent must list integers from 1 to 500"],
  ["--concurrent=501", "--concurrent must list integers from 1 to 500"],
  ["--concurrent=", "--concurrent must list integers from 1 to 500"],
  ["--fast", "--fast"],
])("refuses %s with status 2", async (argument, message) => {
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await benchLoad([argument], stack)).toBe(2);
  expect(error).toHaveBeenCalledWith(expect.stringContaining(message));
  error.mockRestore();
});

test("prints its usage and exits with 0 when help is asked for", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  expect(await benchLoad(["--help"], stack)).toBe(0);
  expect(log).toHaveBeenCalledWith(expect.stringContaining("usage: npm run bench -- load"));
  log.mockRestore();
});
