import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { COMMANDS } from "../../../../scripts/hooks/commands.ts";
import type { Options } from "../../../../scripts/hooks/source-body.ts";
import type { Service } from "../../../../scripts/keys/service.ts";
import { Refused } from "../../../../scripts/keys/service.ts";
import { startIngest } from "../../ingest-harness.ts";

const NONE: Options = { yes: false, json: false, help: false };

function start() {
  const ingest = startIngest();
  const service: Service = {
    url: new URL("https://namesight.test"),
    token: env.OPERATOR_TOKEN,
    fetch: (request) => ingest.fetch(request.url, request),
  };
  return async (name: string, words: string[] = [], options: Partial<Options> = {}) => {
    const outcome = await COMMANDS[name]?.run(() => service, words, { ...NONE, ...options });
    return { text: outcome?.text ?? "", json: outcome?.json as Record<string, string> };
  };
}

test("add, list, rotate and remove do as they say, and show secrets once", async () => {
  const run = start();
  const added = await run("add", [], { name: "feeds", preset: "post", reply: "https://newsroom.example.org/x" });
  const { id = "", secret, reply_secret, url } = added.json;
  for (const shown of [url, secret, reply_secret]) expect(added.text).toContain(shown);
  const listed = await run("list");
  expect(listed.text).toBe(`${id}  bearer  nobody pays  reply to https://newsroom.example.org/x  feeds`);

  const rotated = await run("rotate", [id], { overlap: "60" });
  expect(rotated.text).toContain(rotated.json.secret);
  expect((await run("list")).text).toContain("2 secrets");
  const other = await run("rotate", [id], { which: "reply_secret" });
  expect(other.text).toContain(other.json.reply_secret);

  expect((await run("remove", [id], { yes: true })).text).toBe(`${id} is removed.`);
  await expect(run("remove", [id], { yes: true })).rejects.toThrow(
    new Refused("not_found", "There is no such source."),
  );
  expect((await run("list")).text).toBe("There are no sources.");
});

test("list goes through all pages", async () => {
  const run = start();
  for (let made = 0; made <= LIMITS.sourceRows; made++) await run("add", [], { name: `s${made}`, preset: "post" });
  expect((await run("list")).text.split("\n")).toHaveLength(LIMITS.sourceRows + 1);
});

test("what the service refuses is told in its words", async () => {
  const run = start();
  const paid = run("add", [], { name: "feeds", preset: "post", account: "newsroom" });
  await expect(paid).rejects.toThrow("/account must be left out");
  await expect(run("rotate", [`src_${"0".repeat(24)}`])).rejects.toThrow("There is no such source.");
});
