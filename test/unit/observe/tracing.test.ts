import { expect, test } from "vitest";
import { createTrace, noTrace } from "../../../src/observe/tracing.ts";

test("does the work in a span with its attributes", async () => {
  const spans: Array<Record<string, unknown>> = [];
  const trace = createTrace({
    enterSpan(name, work) {
      const span: Record<string, unknown> = { name };
      spans.push(span);
      return work({
        setAttribute(key, value) {
          span[key] = value;
        },
      });
    },
  });
  const answer = await trace("stage", { stage: "mner" }, async (mark) => {
    mark({ answered: true });
    return 7;
  });
  expect(answer).toBe(7);
  expect(spans).toEqual([{ name: "stage", stage: "mner", answered: true }]);
});

test("rejects as the work does, with a span and without", async () => {
  const fails = () => Promise.reject(new Error("down"));
  const trace = createTrace({ enterSpan: (_, work) => work({ setAttribute: () => undefined }) });
  await expect(trace("attempt", {}, fails)).rejects.toThrow("down");
  await expect(noTrace("attempt", {}, fails)).rejects.toThrow("down");
});
