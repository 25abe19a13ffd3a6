import { expect, test } from "vitest";
import { COMMANDS } from "../../../../scripts/bots/commands.ts";
import { toOutcome } from "../../../../scripts/bots/findings.ts";

const OPTIONS = { "take-over": false };

test("only a platform that there is can be named", async () => {
  for (const command of Object.values(COMMANDS)) {
    await expect(command.run(["icq"], OPTIONS)).rejects.toThrow(
      "there is no platform icq; there are telegram and slack",
    );
  }
});

test("a bot of Slack cannot be run on this machine, and its manifest is printed alone", async () => {
  await expect(COMMANDS.run.run(["slack"], OPTIONS)).rejects.toThrow("the https address of a deployment");
  const { json, text } = await COMMANDS.setup.run(["slack"], { ...OPTIONS, url: "https://namesight.test" });
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
  expect(text).toContain('"request_url": "https://namesight.test/hooks/slack"');
});

test("an outcome has a line for each finding, and fails where a step is missing", () => {
  expect(toOutcome({ done: ["a"], next: "b" })).toEqual({
    json: { done: ["a"], next: "b" },
    text: "ok    a\nnext  b",
    failed: true,
  });
  expect(toOutcome({ done: ["a"], next: null })).toMatchObject({ text: "ok    a", failed: false });
});
