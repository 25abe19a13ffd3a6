import { expect, test } from "vitest";
import { COMMANDS } from "../../../../scripts/bots/commands.ts";

const OPTIONS = { "take-over": false };

test("only a platform that there is can be named", async () => {
  for (const platform of ["icq", "constructor"]) {
    for (const command of Object.values(COMMANDS)) {
      const used = command.run([platform], OPTIONS);
      await expect(used).rejects.toThrow(`there is no platform ${platform}; there are telegram, discord, slack`);
    }
  }
});

test("a bot of Discord is not run here, because it is called", async () => {
  await expect(COMMANDS.run.run(["discord"], OPTIONS)).rejects.toThrow("docs/bots/discord.md");
});

test("a bot of Slack cannot be run on this machine, and its manifest is printed alone", async () => {
  await expect(COMMANDS.run.run(["slack"], OPTIONS)).rejects.toThrow("the https address of a deployment");
  const { json, text } = await COMMANDS.setup.run(["slack"], { ...OPTIONS, url: "https://namesight.test" });
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
  expect(text).toContain('"request_url": "https://namesight.test/hooks/slack"');
});
