import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { readBindings } from "../../../src/bindings.ts";
import { drawResult } from "../../../src/jobs/draw-result.ts";
import { readPicture } from "../../../src/pipeline/picture/read-picture.ts";
import { blackPng } from "../../support/png.ts";
import { picture, scriptedPost, startApp, TEXT } from "../harness.ts";

const deployment = readBindings(env, { fetch: scriptedPost().fetch, log: () => undefined });
const drawing = (job: string) => ({
  ...{ job, id: job, account: "public" },
  signal: new AbortController().signal,
  origin: new URL("https://namesight.test"),
  waitUntil: () => undefined,
});
const answer = async () =>
  (await (await startApp().post({ text: TEXT, image: await picture() })).json()) as RecognizeAnswer;

test("the answer of a job is drawn on its picture, as PNG or SVG", async () => {
  await deployment.jobPictures.put("public", "j1", await readPicture(new Uint8Array(await blackPng(80, 60))));
  const png = await drawResult(drawing("j1"), await answer(), "image/png", deployment);
  expect([...(png as Uint8Array).slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(await drawResult(drawing("j1"), await answer(), "image/svg+xml", deployment)).toContain("Eileen Collins");
});

test("without its picture nothing is drawn", async () => {
  const drawn = drawResult(drawing("j2"), await answer(), "image/png", deployment);
  await expect(drawn).rejects.toMatchObject({ name: "ProblemError", code: "invalid_request" });
});
