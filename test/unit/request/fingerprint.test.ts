import { expect, test } from "vitest";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { fingerprintOf } from "../../../src/request/fingerprint.ts";

const fields = (sent: object) => RecognizeRequest.parse(sent) as Record<string, unknown>;
const of = (sent: object, image: Uint8Array | null = null, type = "application/json", operation = "recognize") =>
  fingerprintOf(operation, type, { fields: fields(sent), image });

test("the same question has one fingerprint, whatever the order of its fields, and with its defaults spelt out", async () => {
  const one = await of({ text: "Ada", task: "gmner", mode: "fast" });
  expect(await of({ mode: "fast", task: "gmner", text: "Ada" })).toBe(one);
  expect(await of({ text: "Ada", task: "gmner" })).toBe(one);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
});

test("every part of the question is in the fingerprint", async () => {
  const picture = Uint8Array.of(1, 2);
  const all = await Promise.all([
    of({ text: "Ada" }),
    of({ text: "Ada B" }),
    of({ text: "Ada", task: "gmner" }),
    of({ text: "Ada" }, picture),
    of({ text: "Ada" }, Uint8Array.of(1, 3)),
    of({ text: "Ada", image: "https://a.example/1.png" }),
    of({ text: "Ada", image: "https://a.example/2.png" }),
    of({ text: "Ada" }, null, "image/png"),
    of({ text: "Ada" }, null, "application/json", "mner"),
  ]);
  expect(new Set(all).size).toBe(all.length);
});
