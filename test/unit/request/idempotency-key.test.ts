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

test.each([
  ["", { limit: 1, value: 0 }],
  ['""', { limit: 1, value: 0 }],
  ["k".repeat(256), { limit: 255, value: 256 }],
  ["a b", {}],
  ["é", {}],
])("the header %j is refused with the limit that it breaks, and with none for its characters", (header, range) => {
  const detail = "the header Idempotency-Key must be 1 to 255 visible ASCII characters";
  expect(() => readIdempotencyKey(header)).toThrow(
    expect.objectContaining({ code: "invalid_request", fields: { errors: [{ pointer: "", detail, ...range }] } }),
  );
});
