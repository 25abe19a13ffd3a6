import { expect, test } from "vitest";
import type { Usage } from "../../../../src/providers/usage.ts";
import { startModel } from "../harness.ts";
import { HOSTS } from "../moondream-hosts.ts";

const { entry, key, path, text, tokens, takesLinks, image, auth } = HOSTS.fal;
const start = (...answers: unknown[]) =>
  startModel("caption", entry("caption"), { replies: { [key("caption")]: answers } });
const answer = (words: unknown) => ({ finish_reason: "stop", [text.caption]: words, ...tokens });

test("sends one request and returns one paragraph", async () => {
  const { run, calls, model } = await start(answer("  A **woman** in a suit.\n\nShe smiles. "));
  expect(model).toMatchObject({ takesLinks, promptVersion: "1" });
  const spent: Usage[] = [];
  expect(await run({ image }, { spent: (usage) => spent.push(usage) })).toEqual({
    model: entry("caption").split("test/")[1],
    version: "unversioned",
    caption: "A woman in a suit. She smiles.",
  });
  expect(spent).toEqual([{ inputTokens: 740, outputTokens: 8 }]);
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ path: path("caption"), headers: auth });
  expect(call?.body).toEqual({ image_url: image, length: "normal", temperature: 0 });
});

test.each([[{}], [null], [answer(7)], [answer(null)], [answer("x".repeat(200_001))], [answer("")]])(
  "throws a StageError for an answer of another form: %#",
  async (output) => {
    const { run } = await start(output);
    await expect(run({ image })).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  },
);
