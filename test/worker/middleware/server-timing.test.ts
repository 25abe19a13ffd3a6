import { expect, test } from "vitest";
import { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { NOON, picture, startApp, TEXT } from "../harness.ts";

test("tells how long each stage took, and the whole", async () => {
  let now = NOON;
  const { post } = startApp(undefined, { clock: () => now++ });
  const response = await post({ text: TEXT, image: await picture() });
  const metrics = (response.headers.get("server-timing") ?? "").split(", ");
  const answer = RecognizeAnswer.parse(await response.json());
  expect(metrics.slice(0, -1)).toEqual(
    answer.stages.map(({ stage, ms, provider }) => `${stage};dur=${ms};desc="${provider}"`),
  );
  expect(metrics.at(-1)).toMatch(/^total;dur=[1-9]\d*$/);
  expect(response.headers.get("timing-allow-origin")).toBe("*");
});

test("says which answer came from the cache", async () => {
  const { post } = startApp();
  await post({ text: TEXT });
  expect((await post({ text: TEXT })).headers.get("server-timing")).toContain('expansion;dur=0;desc="cache"');
});

test("tells no time where no stage ran, nor of a stream", async () => {
  const { post, fetch } = startApp();
  expect((await fetch("/health")).headers.has("server-timing")).toBe(false);
  const stream = await post({ text: TEXT }, { accept: "text/event-stream" });
  expect(stream.headers.has("server-timing")).toBe(false);
});
