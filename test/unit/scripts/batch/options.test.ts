import { afterEach, expect, test, vi } from "vitest";
import { faultOfOptions } from "../../../../scripts/batch/options.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const KEY_FAULT =
  "the key (--key, or NAMESIGHT_KEY of the environment) has a space, a line break or a letter that no key has";

test("options that can be used have no fault", () => {
  expect(faultOfOptions({})).toBeNull();
  for (const endpoint of ["https://one.example", "http://127.0.0.1:8787", "http://localhost/path"])
    expect(faultOfOptions({ endpoint, "max-concurrent": "50", "max-cost": "0.05", key: "nsk_live_1" })).toBeNull();
});

test("the key of the environment is checked where it is sent", () => {
  vi.stubEnv("NAMESIGHT_KEY", "nsk_live_1\n");
  expect(faultOfOptions({})).toBeNull();
  expect(faultOfOptions({ endpoint: "https://one.example" })).toBe(KEY_FAULT);
  expect(faultOfOptions({ endpoint: "https://one.example", key: "nsk_live_1" })).toBeNull();
});

test.each([
  [{ endpoint: "one.example" }, "--endpoint is an address, not one.example"],
  [{ endpoint: "" }, "--endpoint is an address, not "],
  [{ endpoint: "ftp://one.example" }, "--endpoint is an address, not ftp://one.example"],
  [{ endpoint: "http://one.example" }, "--endpoint must be https: a key would be readable on the way"],
  [{ "max-concurrent": "0" }, "--max-concurrent is a number from 1 to 50, not 0"],
  [{ "max-concurrent": "51" }, "--max-concurrent is a number from 1 to 50, not 51"],
  [{ "max-cost": "-1" }, "--max-cost is an amount such as 2.5, not -1"],
  [{ key: "nsk_live_1\r" }, KEY_FAULT],
  [{ key: "nsk_live_1\n2" }, KEY_FAULT],
  [{ key: "“nsk_live_1”" }, KEY_FAULT],
])("%j is refused: %s", (options, fault) => {
  expect(faultOfOptions(options)).toBe(fault);
});
