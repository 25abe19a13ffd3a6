import { describe, expect, test } from "vitest";
import { faultOf, Refused } from "../../../../scripts/batch/fault.ts";

const ORIGIN = "https://one.example";
const problem = (status: number) =>
  Response.json({ type: "/problems/x", status, code: "of_a_newer_version", title: "No", detail: "Why." }, { status });

describe("a response", () => {
  test.each([400, 401, 402, 403, 404, 413])("that refuses has begun nothing: %s", async (status) => {
    const { isWithoutEffect, refused } = await faultOf(problem(status), ORIGIN);
    expect([isWithoutEffect, refused?.status, refused?.message]).toEqual([true, status, "No: Why."]);
    expect(refused).toBeInstanceOf(Refused);
  });

  test.each([
    [429, true],
    [409, true],
    [500, false],
    [503, false],
  ])("that may be another one next time: %s", async (status, isWithoutEffect) => {
    const text = `answers with ${status} (No: Why)`;
    expect(await faultOf(problem(status), ORIGIN)).toEqual({ text, isWithoutEffect, refused: null });
  });

  test.each([
    ["a page", "<html>"],
    ["a JSON string", '"no"'],
    ["JSON of another service", '{"message":"no"}'],
    ["nothing", ""],
  ])("that is %s is not of Namesight, and names the option", async (_, body) => {
    const { isWithoutEffect, refused } = await faultOf(new Response(body, { status: 404 }), ORIGIN);
    const sentence = `${ORIGIN} does not answer as Namesight does. It answered with 404: check --endpoint.`;
    expect([isWithoutEffect, refused?.message]).toEqual([true, sentence]);
  });

  test.each([429, 502, 530])("of something between may come after a batch began: %s", async (status) => {
    expect((await faultOf(new Response("busy", { status }), ORIGIN)).isWithoutEffect).toBe(false);
  });
});

describe("a request without a response", () => {
  const failed = (cause: unknown) => faultOf(Object.assign(new TypeError("fetch failed"), { cause }), ORIGIN);
  const refusing = { syscall: "connect", code: "ECONNREFUSED", message: "connect ECONNREFUSED ::1:1" };

  test.each([
    ["a connection that was refused", refusing, "connect ECONNREFUSED ::1:1"],
    ["all addresses of a name", { errors: [refusing, refusing], code: "ECONNREFUSED", message: "" }, "ECONNREFUSED"],
    ["a name without an address", { syscall: "getaddrinfo", code: "ENOTFOUND" }, "ENOTFOUND"],
    ["no connection in time", { code: "UND_ERR_CONNECT_TIMEOUT" }, "UND_ERR_CONNECT_TIMEOUT"],
    ["https to a port of http", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "ERR_SSL_WRONG_VERSION_NUMBER"],
  ])("has begun nothing after %s", async (_, cause, reason) => {
    const text = `cannot be reached (${reason})`;
    expect(await failed(cause)).toEqual({ text, isWithoutEffect: true, refused: null });
  });

  test.each([
    ["a connection that broke", { syscall: "read", code: "ECONNRESET" }],
    ["one of two addresses that broke", { errors: [refusing, { code: "ECONNRESET" }] }],
    ["no reason", undefined],
  ])("may have begun something after %s", async (_, cause) => {
    expect(await failed(cause)).toMatchObject({ isWithoutEffect: false, refused: null });
  });
});
