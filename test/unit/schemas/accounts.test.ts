import { describe, expect, test } from "vitest";
import {
  AccountId,
  CreateAccountRequest,
  CreateKeyRequest,
  CreditRequest,
  RotateKeyRequest,
  TopUpRequest,
} from "../../../schemas/accounts.ts";
import { LIMITS } from "../../../schemas/limits.ts";

describe("requests about accounts", () => {
  test("have the defaults of a key: live, for every paid operation and not for the account itself", () => {
    expect(CreateKeyRequest.parse({ name: "bot" })).toEqual({
      name: "bot",
      mode: "live",
      scopes: ["recognize", "stages"],
    });
    expect(RotateKeyRequest.parse({})).toEqual({ overlap_seconds: 86_400 });
  });

  test.each([
    ["an account's name with a capital", AccountId, "Newsroom"],
    ["an account's name that is too short", AccountId, "abc"],
    ["an account's name that ends with a line break", AccountId, "newsroom\n"],
    ["a plan that is not known", CreateAccountRequest, { plan: "free" }],
    ["a key without a scope", CreateKeyRequest, { name: "bot", scopes: [] }],
    ["a key without a name", CreateKeyRequest, { name: "" }],
    ["a scope that is not known", CreateKeyRequest, { name: "bot", scopes: ["operator"] }],
    ["an end that is no time", CreateKeyRequest, { name: "bot", expires_at: "tomorrow" }],
    ["a field that is not known", CreateKeyRequest, { name: "bot", account: "other" }],
    ["an overlap that is too long", RotateKeyRequest, { overlap_seconds: LIMITS.keyOverlapSeconds + 1 }],
    ["an amount as a number", TopUpRequest, { amount_usd: 20 }],
    ["an amount below zero", TopUpRequest, { amount_usd: "-20" }],
    ["a credit without its cause", CreditRequest, { amount_usd: "10", reference: "" }],
  ])("refuse %s", (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
