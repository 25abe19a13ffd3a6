import { expect, test } from "vitest";
import { deploymentFor } from "../../../src/pipeline/deployment.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, NO_MODELS } from "../../support/run.ts";

test("a test key gets the embedded models alone, and no cascade, where there are any", () => {
  const testChains = { ...NO_MODELS, mner: [modelOf<"mner">(() => ({}))] };
  const whole = deploymentOf({}, { mnerCascade: 0.5, testChains });
  expect(deploymentFor("live", whole)).toBe(whole);
  expect(deploymentFor("test", whole)).toMatchObject({ chains: testChains, mnerCascade: null });
  const without = deploymentOf({});
  expect(deploymentFor("test", without)).toBe(without);
});
