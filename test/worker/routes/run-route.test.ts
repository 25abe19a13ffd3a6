import { describe, expect, test } from "vitest";
import { FAULTS } from "../../support/scripted-cog.ts";
import { readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

describe("runRequest", () => {
  test("leaves the models that were asked to the access log, also when the request ends with a problem", async () => {
    const fine = startApp();
    await fine.post({ text: TEXT, task: "mner" });
    expect(fine.lines.at(-1)).toMatchObject({
      event: "request",
      status: 200,
      stages: [{ stage: "mner", attempts: 1 }],
    });
    const down = startApp(scriptedPost().on("mner", () => FAULTS.failed()));
    await down.post({ text: TEXT, task: "mner" });
    expect(down.lines.at(-1)).toMatchObject({
      event: "request",
      status: 502,
      stages: [{ stage: "mner", attempts: 1 }],
    });
  });

  test("refuses an Accept that the operation cannot answer, before it reads the body", async () => {
    const app = startApp();
    const problem = await readProblem(await app.post({ nonsense: 1 }, { accept: "image/png" }, "/v1/mner"));
    expect(problem).toMatchObject({ code: "not_acceptable", status: 406 });
    expect(app.cog.calls).toEqual([]);
  });
});
