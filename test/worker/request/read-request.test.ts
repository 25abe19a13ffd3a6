import { expect, test } from "vitest";
import { readProblem, startApp, TEXT } from "../harness.ts";

test("refuses a body with a Content-Encoding with 415 and says so", async () => {
  const response = await startApp().post({ text: TEXT }, { "content-encoding": "gzip" });
  expect(response.headers.get("accept-encoding")).toBe("identity");
  expect(await readProblem(response)).toMatchObject({
    status: 415,
    detail: "Content-Encoding gzip is not supported: send the body without compression.",
  });
});

test("refuses a charset by name", async () => {
  const response = await startApp().post({ text: TEXT }, { "content-type": "application/json; charset=windows-1252" });
  expect(await readProblem(response)).toMatchObject({ status: 415, detail: expect.stringContaining("windows-1252") });
});
