import { describe, expect, test } from "vitest";
import { startApp } from "../harness.ts";

const { fetch } = startApp();
const get = (path: string, accept?: string) => fetch(path, accept === undefined ? {} : { headers: { accept } });
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

describe("GET /", () => {
  test("returns the page of /docs when Accept prefers HTML", async () => {
    const response = await get("/", BROWSER);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(response.headers.get("vary")).toContain("Accept");
    expect(await response.text()).toBe(await (await get("/docs")).text());
  });

  test.each([[undefined], ["*/*"], ["application/json"], ["image/png"], ["application/json, text/html;q=0.5"]])(
    "returns JSON when Accept is %s",
    async (accept) => {
      const response = await get("/", accept);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ name: "Namesight", openapi: "GET /openapi.json" });
    },
  );
});
