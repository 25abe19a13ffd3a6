import { expect, test } from "vitest";
import { readIdempotencyKey } from "../../../src/request/idempotency-key.ts";

test.each([
  [undefined, null],
  ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ['"8e03978e"', "8e03978e"],
  [" a ", "a"],
  ["k".repeat(255), "k".repeat(255)],
])("the header %s is the key %s", (header, key) => {
  expect(readIdempotencyKey(header)).toBe(key);
});

test.each(["", '""', "a b", "é", "k".repeat(256)])("the header %j is refused with its limit and length", (header) => {
  expect(() => readIdempotencyKey(header)).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      fields: { errors: [expect.objectContaining({ limit: 255, value: expect.any(Number) })] },
    }),
  );
});
