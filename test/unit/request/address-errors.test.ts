import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { addressErrors } from "../../../src/request/address-errors.ts";

test.each([
  ["http://example.com/hook?key=secret", { detail: "is not https", limit: "https", value: "http://example.com" }],
  [
    "https://user:secret@example.com:8443/",
    { detail: "has a user name or password in it", value: "https://example.com:8443" },
  ],
  [
    "https://example.com:8443/secret",
    { detail: "names a port other than 443", limit: 443, value: "https://example.com:8443" },
  ],
  [
    `https://example.com/${"a".repeat(LIMITS.addressLength)}`,
    {
      detail: `has more than ${LIMITS.addressLength} characters`,
      limit: LIMITS.addressLength,
      value: "https://example.com",
    },
  ],
  ["nothing", { detail: "cannot be read", value: "7 UTF-16 code units" }],
  [`https://${"a".repeat(300)}.localhost/`, { detail: expect.any(String), value: expect.stringMatching(/^.{1,201}$/) }],
])("the address %s is refused with what would be allowed, and shown without what may be secret", (address, error) => {
  expect(addressErrors("/url", address, new Set())).toEqual([{ pointer: "/url", ...error }]);
});

test("an address that may be used has nothing wrong", () => {
  expect(addressErrors("/url", "https://example.com/hook", new Set())).toEqual([]);
  expect(addressErrors("/url", "http://127.0.0.1:1/", new Set(["http://127.0.0.1:1"]))).toEqual([]);
});
