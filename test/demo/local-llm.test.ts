import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../scripts/stack.ts";

/** docs/local-llm.md: `npm start` with the variables that stand there, and a chat server where it expects Ollama. */
const root = resolve(import.meta.dirname, "../..");
const [, chain = "", endpoint = ""] =
  /^EXPANSION="(.*)" ENDPOINT_OLLAMA=(\S+) npm start$/m.exec(
    readFileSync(resolve(root, "docs/local-llm.md"), "utf8"),
  ) ?? [];
/** What a file of variables would end at, and what wrangler would expand. */
const TOKEN = "t0ken'\"$HOME";

/** What is used of Ollama's `/v1/chat/completions` (hosted-apis section 5.1). */
let ollama: Server;
const asked: Array<{ path: string; authorization: string | undefined; model: unknown; form: unknown }> = [];
let namesight: ChildProcess;
let url = "";

beforeAll(async () => {
  ollama = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { model, messages, response_format } = JSON.parse(body) as Record<string, unknown>;
      asked.push({
        path: request.url ?? "",
        authorization: request.headers.authorization,
        model,
        form: response_format,
      });
      // The names that it is asked about have ids of the pipeline's.
      const ids = [...new Set(JSON.stringify(messages).match(/\be\d+\b/g))];
      const content = JSON.stringify({
        expressions: ids.map((id) => ({ id, expression: "a woman in an orange suit" })),
      });
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          model,
          choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
        }),
      );
    });
  });
  await new Promise<void>((listening) => ollama.listen(0, "127.0.0.1", listening));
  const [port, functionsPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  namesight = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/start.ts"], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      FUNCTIONS_PORT: String(functionsPort),
      EXPANSION: chain,
      ENDPOINT_OLLAMA: endpoint.replace("11434", String((ollama.address() as AddressInfo).port)),
      ENDPOINT_OLLAMA_TOKEN: TOKEN,
    },
  });
  await new Promise<void>((up, fail) => {
    let printed = "";
    namesight.stdout?.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      if (printed.includes("Namesight is up")) up();
    });
    namesight.once("exit", () => fail(new Error(printed)));
  });
});
afterAll(async () => {
  const ended = new Promise((over) => namesight.once("exit", over));
  namesight.kill("SIGINT");
  await ended;
  ollama.close();
});

/** Nothing is kept, so that a run does not answer from an earlier one's cache. */
const expand = async () => {
  const body = JSON.stringify({
    text: "Eileen Collins in Houston",
    entities: [{ text: "Eileen Collins", type: "PER" }],
    store: false,
  });
  const response = await fetch(`${url}/v1/expand`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  return (await response.json()) as { expressions: object[]; stages: object[]; problems: object[] };
};

test("the model writes the expression, asked by its name, with its token", async () => {
  const answer = await expand();
  expect(answer.expressions).toMatchObject([{ text: "a woman in an orange suit", method: "llm" }]);
  expect(answer.stages).toMatchObject([{ stage: "expansion", model: "llama3.2", provider: "openai", attempts: 1 }]);
  expect(asked).toMatchObject([
    {
      path: "/v1/chat/completions",
      model: "llama3.2",
      authorization: `Bearer ${TOKEN}`,
      form: { type: "json_schema" },
    },
  ]);
});

test("with the model down the template answers, and says so", async () => {
  ollama.closeAllConnections();
  await new Promise((closed) => ollama.close(closed));
  const answer = await expand();
  expect(answer.expressions).toMatchObject([{ text: expect.any(String), method: "template" }]);
  expect(answer.stages).toMatchObject([
    { stage: "expansion", provider: "openai", version: null },
    { stage: "expansion", provider: "cog", attempts: 1 },
  ]);
  expect(answer.problems).toEqual([]);
});
