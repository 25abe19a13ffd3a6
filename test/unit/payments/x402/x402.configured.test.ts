import { expect, test } from "vitest";
import { createX402 } from "../../../../src/payments/x402/x402.ts";
import { LocalFacilitator } from "../../../support/x402/facilitator.ts";
import { fetchOf, Timers } from "../../../support/x402/in-process.ts";
import { VARIABLES } from "../../../support/x402/settings.ts";

const { timer } = new Timers();
const runtime = { clock: () => 0, timer, log: () => undefined };
const variable = (name: string) => (VARIABLES as Readonly<Record<string, string>>)[name] ?? "";
const asked = { operation: "mner", most: 500_000, url: "https://namesight.test/v1/mner" } as const;

test("is off without its variables, and a fault where nobody is asked for a key", () => {
  expect(createX402(() => "", true, runtime)).toEqual({ x402: null, faults: [] });
  const { x402, faults } = createX402(variable, false, runtime);
  expect({ x402, faults }).toEqual({ x402: null, faults: [expect.stringContaining("needs ACCESS to be keys")] });
});

test("asks the facilitator when a request needs it, and never remembers its failure", async () => {
  const facilitator = new LocalFacilitator();
  facilitator.fail("supported", "broken", "cut");
  const { x402 } = createX402(variable, true, runtime, fetchOf(facilitator, new Timers()));
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(x402?.required(asked)).rejects.toMatchObject({ code: "facilitator_unavailable" });
  }
  expect(await x402?.required(asked)).toMatchObject({ code: "payment_required" });
});

test("says so when the facilitator settles nothing on the network", async () => {
  const facilitator = new LocalFacilitator();
  facilitator.schemes = [];
  const { x402 } = createX402(variable, true, runtime, fetchOf(facilitator, new Timers()));
  await expect(x402?.required(asked)).rejects.toMatchObject({ code: "facilitator_unavailable" });
});
