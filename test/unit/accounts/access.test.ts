import { describe, expect, test } from "vitest";
import { DEVELOPMENT_SECRET, readAccess } from "../../../src/accounts/access.ts";

const bound = { ACCOUNTS: {}, KEY_RATE: {}, ADDRESS_RATE: {} };
const own = { KEY_CHECK_SECRET: "k".repeat(32), OPERATOR_TOKEN: "t".repeat(32) };
const shipped = { KEY_CHECK_SECRET: DEVELOPMENT_SECRET, OPERATOR_TOKEN: DEVELOPMENT_SECRET };
const read = (variables: object) => {
  const { access, faults } = readAccess({ ...bound, ...variables } as Parameters<typeof readAccess>[0]);
  return { mode: access.mode, faults };
};

describe("readAccess", () => {
  test.each([
    ["local by default", { ENVIRONMENT: "local", ...shipped }, "open"],
    ["local with keys", { ENVIRONMENT: "local", ACCESS: "keys", ...shipped }, "keys"],
    ["production by default", { ENVIRONMENT: "production", ...own }, "keys"],
    [
      "production, open on purpose",
      { ENVIRONMENT: "production", ACCESS: "open", ACCESS_OPEN_ON_PURPOSE: "yes" },
      "open",
    ],
  ])("%s has no fault", (_what, variables, mode) => {
    expect(read(variables)).toEqual({ mode, faults: [] });
  });

  test.each([
    ["another word", { ACCESS: "closed", ...own }, [/^ACCESS must be open or keys$/]],
    ["open in production", { ENVIRONMENT: "production", ACCESS: "open", ...own }, [/^ACCESS is open in production/]],
    [
      "the development secrets in production",
      { ENVIRONMENT: "production", ...shipped },
      [/^KEY_CHECK_SECRET is the development value/, /^OPERATOR_TOKEN is the development value/],
    ],
    [
      "short secrets in production",
      { ENVIRONMENT: "production", KEY_CHECK_SECRET: "k".repeat(31), OPERATOR_TOKEN: "t" },
      [/^KEY_CHECK_SECRET has fewer than 32 characters$/, /^OPERATOR_TOKEN has fewer than 32 characters$/],
    ],
    ["no secrets", { ACCESS: "keys" }, [/^KEY_CHECK_SECRET is not set$/, /^OPERATOR_TOKEN is not set$/]],
    [
      "a short token of an operator in production, open on purpose",
      { ENVIRONMENT: "production", ACCESS: "open", ACCESS_OPEN_ON_PURPOSE: "yes", OPERATOR_TOKEN: "t" },
      [/^OPERATOR_TOKEN has fewer than 32 characters$/],
    ],
    [
      "no bindings",
      { ACCESS: "keys", ...own, ADDRESS_RATE: undefined },
      [/bindings ACCOUNTS, KEY_RATE and ADDRESS_RATE/],
    ],
  ])("%s: each fault says so", (_what, variables, sentences) => {
    expect(read(variables).faults).toEqual(sentences.map((sentence) => expect.stringMatching(sentence)));
  });

  test("open access has the operator's token and the counters where there are some, and nothing of accounts", () => {
    const open = (variables: object) =>
      readAccess({ ACCESS: "open", ...variables } as Parameters<typeof readAccess>[0]).access;
    expect(open({})).toEqual({ mode: "open" });
    expect(open({ ...bound, ...own })).toEqual({
      mode: "open",
      operatorToken: own.OPERATOR_TOKEN,
      keyRate: {},
      addressRate: {},
    });
  });
});
