import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { UsageParameters } from "../../../schemas/accounts.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import type { FieldError } from "../../../schemas/problem.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { CreateSourceRequest, RotateSourceRequest } from "../../../schemas/sources.ts";
import { SegmentRequest } from "../../../schemas/stage-routes.ts";
import { invalidRequest } from "../../../src/request/field-errors.ts";

/** What is said of a request that the schema refuses. */
function refuse(
  request: unknown,
  schema: z.ZodMiniType = RecognizeRequest,
): { code: string; errors: readonly FieldError[]; message: string } {
  const parsed = z.safeParse(schema, request);
  if (parsed.success) throw new Error("the schema takes it");
  const { code, fields, message } = invalidRequest(parsed.error.issues, request, schema);
  return { code, errors: fields.errors ?? [], message };
}

describe("invalidRequest", () => {
  test.each<[what: string, request: unknown, error: Partial<FieldError>]>([
    [
      "an unknown field, and the near one",
      { text: "a", taks: "mner" },
      { pointer: "/taks", detail: expect.stringContaining("did you mean task?") },
    ],
    [
      "an unknown field inside a list",
      { text: "a", entities: [{ start: 0, end: 1, type: "PER", kind: 1 }] },
      { pointer: "/entities/0/kind" },
    ],
    [
      "a wrong choice, with the choices",
      { text: "a", task: "ner" },
      { pointer: "/task", limit: ["mner", "gmner", "smner"], value: "ner" },
    ],
    ["a wrong type", { text: "a", max_entities: "3" }, { pointer: "/max_entities", value: "3" }],
    [
      "a number that is too large",
      { text: "a", max_entities: 101 },
      { pointer: "/max_entities", limit: 100, value: 101 },
    ],
    ["a number that is too small", { text: "a", max_entities: 0 }, { pointer: "/max_entities", limit: 1, value: 0 }],
    [
      "a list of types with a blank one",
      { text: "a", labels: [" "] },
      { pointer: "/labels/0", detail: "must have a character that is not white space" },
    ],
    [
      "a wrong type in a union",
      { text: "a", labels: 3 },
      { pointer: "/labels", detail: "must be one of gmner, fine, or must be of type array" },
    ],
    ["what is required", {}, { pointer: "/text" }],
  ])("names %s", (_, request, error) => {
    expect(refuse(request)).toMatchObject({ code: "invalid_request", errors: [error] });
  });

  test.each<[what: string, box: unknown, error: Partial<FieldError>]>([
    ["an edge that is missing", { xmin: 1, ymin: 1, xmax: 2 }, { pointer: "/boxes/0/box/ymax", detail: "is required" }],
    [
      "an edge with another name",
      { xmin: 1, ymin: 1, xmax: 2, ymax: 2, y2: 2 },
      { pointer: "/boxes/0/box/y2", detail: "is not a field of this request" },
    ],
    ["an edge that is no number", [1, 1, "2", 2], { pointer: "/boxes/0/box/2", value: "2" }],
    ["an edge too few", [1, 1, 2], { pointer: "/boxes/0/box", detail: "must be at least 4 items long" }],
    ["no box", 1, { pointer: "/boxes/0/box", value: 1 }],
  ])("names in a box of either form %s", (_, box, error) => {
    expect(refuse({ image: "a", boxes: [{ box }] }, SegmentRequest).errors).toMatchObject([error]);
  });

  test("names the first unknown fields without the list of all fields, and counts the others", () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 1]));
    const { errors, message } = refuse({ text: "a", ...unknown });
    expect(errors).toEqual(
      Array.from({ length: LIMITS.problemErrors }, (_, index) => ({
        pointer: `/field${index}`,
        detail: "is not a field of this request",
      })),
    );
    expect(message).toMatch(/; and 4980 more\.$/);
  });

  test("names the first wrong items of a list, and counts the others", () => {
    const { errors, message } = refuse({ text: "a", labels: Array(LIMITS.labels).fill(3) });
    expect(errors.map(({ pointer }) => pointer)).toEqual(
      Array.from({ length: LIMITS.problemErrors }, (_, index) => `/labels/${index}`),
    );
    expect(message).toMatch(/; and 80 more\.$/);
  });

  test("repeats only the length of what the post says, and no value that is long", () => {
    const secret = "a secret text";
    expect(JSON.stringify(refuse({ text: secret, tokens: [secret] }))).not.toContain(secret);
    const long = "x".repeat(1_000);
    expect(JSON.stringify(refuse({ text: "a", task: long })).length).toBeLessThan(1_000);
    expect(refuse({ text: "a", [long]: 1 }).errors[0]?.pointer.length).toBeLessThan(300);
  });

  test.each<[what: string, request: object, schema: z.ZodMiniType]>([
    ["a webhook's", { text: "a", webhook: { url: "https://a.example", secret: "whsec_hidden" } }, RecognizeRequest],
    [
      "the JSON of a form's webhook that is cut off, its",
      { text: "a", webhook: '{"secret": "hidden' },
      RecognizeRequest,
    ],
    [
      "a new source's",
      { name: "a", signature: { scheme: "github" }, mapping: { text: "" }, secret: "hidden" },
      CreateSourceRequest,
    ],
    ["a rotated source's", { secret: "hidden" }, RotateSourceRequest],
    ["a number as", { text: "a", webhook: { url: "https://a.example", secret: 4_711_000 } }, RecognizeRequest],
    ["a key in place of its id, the", { key_id: "nk_live_hidden" }, UsageParameters],
    ["an address's", { reply: { url: "https://a:hidden@b.example", pointer: "/a" } }, CreateSourceRequest],
    ["another field's", { text: "a", task: "https://a.example/?token=hidden" }, RecognizeRequest],
  ])("never repeats %s secret", (_, request, schema) => {
    expect(JSON.stringify(refuse(request, schema))).not.toMatch(/hidden|4711000/);
  });

  test("refuses the end of a batch as an event of one job, by its name", () => {
    const webhook = { url: "https://a.example", events: ["job.failed", "batch.ended"] };
    expect(refuse({ text: "a", webhook }).errors).toMatchObject([
      { pointer: "/webhook/events/1", value: "batch.ended" },
    ]);
  });
});

describe("a field that says which of several schemas an object has", () => {
  const source = { name: "desk", mapping: { text: "/text" } };
  const limit = ["standard-webhooks", "hmac", "stripe", "bearer", "github", "mastodon"];
  test.each([
    ["an unknown value", { scheme: "gitlab" }, { detail: `must be one of ${limit.join(", ")}`, value: "gitlab" }],
    ["none", {}, { detail: `is required: one of ${limit.join(", ")}` }],
  ])("%s is refused with the values that there are", (_, signature, error) => {
    expect(refuse({ ...source, signature }, CreateSourceRequest).errors).toEqual([
      { pointer: "/signature/scheme", limit, ...error },
    ]);
  });
});
