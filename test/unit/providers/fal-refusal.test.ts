import { describe, expect, test } from "vitest";
import { falRefusal } from "../../../src/providers/fal-refusal.ts";

const NOW = Date.UTC(2026, 10, 26);
const refuse = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  falRefusal({ status, headers: new Headers(headers) }, typeof body === "string" ? body : JSON.stringify(body), NOW);
const ofModel = (type: string) => ({ detail: [{ loc: ["body", "image_url"], msg: "a message", type, input: {} }] });

describe("falRefusal", () => {
  test.each([
    ["request_timeout", 504, "timeout", true],
    ["startup_timeout", 504, "not_ready", true],
    ["runner_scheduling_failure", 503, "not_ready", true],
    ["runner_connection_timeout", 503, "http_error", true],
    ["runner_disconnected", 503, "http_error", true],
    ["runner_server_error", 500, "http_error", true],
    ["internal_error", 500, "http_error", true],
    ["client_disconnected", 499, "canceled", false],
    ["bad_request", 400, "rejected", false],
  ])("reads the type %s from the header and from the body", (type, status, code, retryable) => {
    for (const error of [refuse(status, "", { "x-fal-error-type": type }), refuse(status, { error_type: type })]) {
      expect(error).toMatchObject({ code, retryable, charged: false });
      expect(error.detail).toContain(`(${type})`);
    }
  });

  test.each([
    ["content_policy_violation", 422, "refused"],
    ["image_load_error", 422, "invalid_picture"],
    ["file_download_error", 422, "rejected"],
  ])("reads a model's own type %s", (type, status, code) => {
    expect(refuse(status, ofModel(type))).toMatchObject({ code, retryable: false });
  });

  test("keeps the wait that the host asks for", () => {
    const headers = { "retry-after": "3", "x-fal-error-type": "runner_scheduling_failure" };
    expect(refuse(503, "", headers)).toMatchObject({ code: "not_ready", retryAfterMs: 3_000 });
    expect(refuse(429, "", { "retry-after": "3" })).toMatchObject({ code: "rate_limited", retryAfterMs: 3_000 });
  });

  test.each([
    [401, "unauthorized"],
    [402, "unauthorized"],
    [404, "not_found"],
    [422, "rejected"],
    [503, "not_ready"],
    [418, "http_error"],
  ])("goes by the status %i where there is no type that it knows", (status, code) => {
    for (const body of ["", "<html>", ofModel("greater_than"), { error_type: "constructor" }]) {
      expect(refuse(status, body).code).toBe(code);
    }
  });

  test("quotes nothing of the body", () => {
    const body = { detail: "the post says a secret", error_type: "internal_error" };
    expect(refuse(500, body).detail).not.toContain("secret");
    expect(refuse(500, { error_type: "a secret" }).detail).not.toContain("secret");
  });
});
