import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { afterAll, expect, test } from "vitest";
import { COMMANDS, TEST_WITHOUT_SERVICE } from "../../../../scripts/hooks/commands.ts";
import { OPTIONS } from "../../../../scripts/hooks/source-body.ts";
import { WrongUse } from "../../../../scripts/keys/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-hooks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const noService = () => {
  throw new Error("the service was asked");
};

function run(message: unknown, ...args: string[]) {
  const file = join(folder, "message.json");
  writeFileSync(file, typeof message === "string" ? message : JSON.stringify(message));
  const { values } = parseArgs({ args: ["--name", "x", ...args], options: OPTIONS });
  return TEST_WITHOUT_SERVICE.run(noService, [file], values);
}

test("test shows what a body becomes, and asks no service", async () => {
  const message = {
    title: "One",
    text: "<p>Two</p>",
    picture: ["https://a.example.org/1", "https://a.example.org/2"],
    id: 7,
  };
  const { json, text, failed } = await run(message, "--preset", "post", "--reply-pointer", "/none");
  expect(failed).toBeUndefined();
  expect(json).toMatchObject({ id: "7", jobs: 2, text: "One\n\nTwo", pictures: message.picture, reply_to: null });
  expect(text.split("\n")).toMatchObject(
    ["The message becomes 2 jobs.", "id       7", "picture  https://a.example.org/1"].concat(
      [expect.anything()],
      ["reply    none", expect.anything(), "text     One", "", "Two"],
    ),
  );
});

test("test takes the headers that come with a body", async () => {
  const args = ["--scheme", "github", "--text", "/text", "--sent", "X-GitHub-Delivery: guid"];
  expect((await run({ text: "x" }, ...args)).json).toMatchObject({ id: "guid", jobs: 1 });
  await expect(run({ text: "x" }, "--scheme", "github", "--text", "/text", "--sent", "x")).rejects.toThrow("--sent");
});

test("test says why a body would be skipped, and fails", async () => {
  const outcome = await run(
    { text: "x", callback: "http://10.0.0.1/" },
    "--preset",
    "post",
    "--reply-pointer",
    "/callback",
  );
  expect(outcome).toMatchObject({ failed: true, text: expect.stringContaining("the reply address at /callback") });
});

test.each(["", "[]", "{"])("test says that %j is no JSON object", async (message) => {
  await expect(run(message, "--preset", "post")).rejects.toThrow(/JSON/);
});

test("test names a message, and a source, that are not there", async () => {
  const { values } = parseArgs({ args: ["--name", "x", "--preset", "post"], options: OPTIONS });
  const file = join(folder, "nofile.json");
  await expect(TEST_WITHOUT_SERVICE.run(noService, [file], values)).rejects.toThrow(
    new WrongUse(`there is no file ${file}`),
  );
  const source = { ...values, "file-config": folder };
  await expect(TEST_WITHOUT_SERVICE.run(noService, [file], source)).rejects.toThrow(`there is no file ${folder}`);
});

test("remove asks for --yes before any service is asked", async () => {
  const { values } = parseArgs({ args: [], options: OPTIONS });
  await expect(COMMANDS.remove?.run(noService, ["src_1"], values)).rejects.toThrow("--yes");
});
