import { expect, test } from "vitest";
import { appliedPreference, readPreference } from "../../../src/request/preference.ts";

test.each([
  [undefined, { isAsync: false, respondAsync: false, waitMs: null }],
  ["respond-async", { isAsync: true, respondAsync: true, waitMs: null }],
  ["Respond-Async; x=1, WAIT=10", { isAsync: true, respondAsync: true, waitMs: 10_000 }],
  ['wait="7", wait=9', { isAsync: true, respondAsync: false, waitMs: 7_000 }],
  ["wait=61", { isAsync: true, respondAsync: false, waitMs: 60_000 }],
  ["wait=0", { isAsync: true, respondAsync: false, waitMs: 0 }],
  ["wait=soon", { isAsync: false, respondAsync: false, waitMs: null }],
])("Prefer: %s is read", (header, preference) => {
  expect(readPreference(header)).toEqual(preference);
});

test.each([
  ["respond-async", true, null, "respond-async"],
  ["respond-async, wait=10", true, 10_000, "respond-async, wait=10"],
  ["respond-async, wait=10", false, 10_000, "wait=10"],
  ["respond-async, wait=10", true, null, "respond-async"],
  ["wait=10", true, 10_000, "wait=10"],
  ["wait=10", true, null, "respond-async"],
  ["", true, null, null],
])(
  "of Prefer: %s, where the answer is a job (%s) and waited %s ms, %s was applied",
  (header, isLater, waitMs, applied) => {
    expect(appliedPreference(readPreference(header), { isLater, waitMs })).toBe(applied);
  },
);
