import { beforeAll, describe, expect, test } from "vitest";
import { Admission } from "../../functions/admission.ts";
import { createFunctionsApp, createHosts } from "../../functions/app.ts";
import { PictureStore } from "../../functions/pictures.ts";
import { FUNCTION_STAGES } from "../../functions/stage-function.ts";
import { LOADERS } from "../../functions/stages.ts";
import { Prediction } from "../../schemas/cog.ts";
import { STAGE_EXAMPLES } from "../../schemas/stages/examples.ts";
import { STAGES } from "../../schemas/stages/index.ts";

describe("LOADERS", () => {
  const admission = new Admission();
  const hosts = createHosts(admission);
  const app = createFunctionsApp(hosts, admission);
  beforeAll(async () => {
    const pictures = new PictureStore();
    for (const stage of FUNCTION_STAGES) hosts[stage].ready(await LOADERS[stage](pictures));
  });

  test.each(FUNCTION_STAGES)("%s: answers the example input in the form of the example output", async (stage) => {
    const { input, output: example } = STAGE_EXAMPLES[stage];
    const response = await app.request(`/${stage}/predictions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input }),
    });
    expect(response.status).toBe(200);
    const { status, output, error } = Prediction.parse(await response.json());
    expect([status, error]).toEqual(["succeeded", undefined]);
    expect(STAGES[stage].output.parse(output)).toEqual(output);
    expect(Object.keys(Object(output))).toEqual(expect.arrayContaining(Object.keys(example)));
  });
});
