import { expect, test } from "vitest";
import { COMMANDS } from "../../../../scripts/bots/commands.ts";

const OPTIONS = { "take-over": false };

test("only a platform that there is can be named", async () => {
  for (const platform of ["icq", "constructor"]) {
    for (const command of Object.values(COMMANDS)) {
      const used = command.run([platform], OPTIONS);
      await expect(used).rejects.toThrow(`there is no platform ${platform}; there are telegram and discord`);
    }
  }
});

test("a bot of Discord is not run here, because it is called", async () => {
  await expect(COMMANDS.run.run(["discord"], OPTIONS)).rejects.toThrow("docs/bots/discord.md");
});
