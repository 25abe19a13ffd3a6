import { describe, expect, test } from "vitest";
import { PROVIDER_NAMES, ProviderName } from "../../../schemas/providers.ts";
import { STAGE_NAMES } from "../../../schemas/stages/index.ts";
import { ADAPTERS } from "../../../src/stages/index.ts";

describe("PROVIDER_NAMES", () => {
  test("lists exactly the providers that model files serve", () => {
    const served = STAGE_NAMES.flatMap((stage) =>
      ADAPTERS[stage].flatMap(({ serves }) => serves.map(({ provider }) => provider)),
    );
    expect([...new Set(served)].toSorted()).toEqual(PROVIDER_NAMES.toSorted());
  });

  test("refuses a provider that is not in the list", () => {
    expect(ProviderName.safeParse("nobody").success).toBe(false);
  });
});
