import { expect, test } from "vitest";
import { faultOfOptions } from "../../../../scripts/batch/options.ts";

test("options that can be used have no fault", () => {
  expect(faultOfOptions({})).toBeNull();
  for (const endpoint of ["https://one.example", "http://127.0.0.1:8787", "http://localhost/path"])
    expect(faultOfOptions({ endpoint, "max-concurrent": "50", "max-cost": "0.05" })).toBeNull();
});

test.each([
  [{ endpoint: "one.example" }, "--endpoint is no address"],
  [{ endpoint: "" }, "--endpoint is no address"],
  [{ endpoint: "ftp://one.example" }, "--endpoint is no address"],
  [{ endpoint: "http://one.example" }, "--endpoint must be https: a key would be readable on the way"],
  [{ "max-concurrent": "0" }, "--max-concurrent is no number from 1 to 50"],
  [{ "max-concurrent": "51" }, "--max-concurrent is no number from 1 to 50"],
  [{ "max-cost": "-1" }, "--max-cost is no amount, such as 2.5"],
])("%j is refused: %s", (options, fault) => {
  expect(faultOfOptions(options)).toBe(fault);
});
