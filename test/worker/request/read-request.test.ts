import { expect, test } from "vitest";
import { readProblem, startApp, TEXT } from "../harness.ts";

const POSTS = ["/v1/recognize", "/v1/mner", "/v1/expand", "/v1/entail", "/v1/ground", "/v1/segment"];

test.each(POSTS)("%s refuses a field in the query string by name", async (path) => {
  const app = startApp();
  const problem = await readProblem(await app.post({ text: TEXT }, {}, `${path}?text=secret&max_entities=1`));
  const detail = "is in the query string; send fields in the body";
  expect(problem).toMatchObject({
    status: 422,
    code: "invalid_request",
    errors: [
      { pointer: "/text", detail },
      { pointer: "/max_entities", detail },
    ],
  });
  expect(JSON.stringify([problem, app.lines])).not.toContain("secret");
  expect(app.cog.calls).toEqual([]);
});

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
