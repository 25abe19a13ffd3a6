import { expect, test } from "vitest";
import { refuseQuery } from "../../../src/request/check-query.ts";

const detail = "is in the query string; send fields in the body";

test.each(["https://namesight.test/v1/mner", "https://namesight.test/v1/mner?", "https://namesight.test/v1/mner#a=b"])(
  "accepts %s",
  (address) => {
    expect(() => refuseQuery(address)).not.toThrow();
  },
);

test.each([
  ["?text=secret", ["/text"]],
  ["?text=a&task=mner&text=b", ["/text", "/task"]],
  ["?a%2Fb", ["/a~1b"]],
  [`?${"x".repeat(1000)}=1`, [`/${"x".repeat(200)}…`]],
  [
    `?${Array.from({ length: 50 }, (_, index) => `f${index}`).join("&")}`,
    Array.from({ length: 20 }, (_, i) => `/f${i}`),
  ],
])("refuses %s by name, without its value", (query, pointers) => {
  const errors = pointers.map((pointer) => ({ pointer, detail }));
  const refused = expect.objectContaining({ code: "invalid_request", fields: { errors } });
  expect(() => refuseQuery(`https://namesight.test/v1/mner${query}`)).toThrow(refused);
  expect(() => refuseQuery(`https://namesight.test/v1/mner${query}`)).not.toThrow("secret");
});
