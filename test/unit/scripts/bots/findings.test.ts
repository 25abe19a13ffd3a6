import { expect, test } from "vitest";
import { httpsAddress, optionsOf, toOutcome } from "../../../../scripts/bots/findings.ts";

const at = (address: string, environment: string | null = null) => ({
  ...{ address, environment },
  fetch: async () => new Response(),
});

test("an outcome has a line for each finding, and fails where a step is missing", () => {
  expect(toOutcome({ done: ["a"], next: "b" })).toEqual({
    json: { done: ["a"], next: "b" },
    text: "ok    a\nnext  b",
    failed: true,
  });
  expect(toOutcome({ done: ["a"], next: null })).toMatchObject({ text: "ok    a", failed: false });
});

test("only an https address can be reached, and not that of the example", () => {
  expect(httpsAddress(at("https://namesight.test"))?.origin).toBe("https://namesight.test");
  for (const address of ["", "x", "http://127.0.0.1:8787", "https://namesight.example"]) {
    expect(httpsAddress(at(address))).toBeNull();
  }
});

test("the options name the deployment again", () => {
  expect(optionsOf(at("https://a.test", "production"))).toBe(" --env production");
  expect(optionsOf(at("https://a.test"))).toBe(" --url https://a.test");
});
