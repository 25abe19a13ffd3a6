import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../scripts/stack/ports.ts";

/** `npm start` with the variables of docs/local-llm.md, and a chat server in the place of Ollama. */
const root = resolve(import.meta.dirname, "../../..");
const [, chain = "", endpoint = ""] =
  /^EXPANSION="(.*)" ENDPOINT_OLLAMA=(\S+) npm start$/m.exec(
    readFileSync(resolve(root, "docs/local-llm.md"), "utf8"),
  ) ?? [];
/** Characters that end a value in a file of variables or that wrangler expands. */
const TOKEN = "t0ken'\"$HOME";

/** The part of Ollama's `/v1/chat/completions` that is used (docs/reference/hosted-models.md, "Chat endpoints"). */
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
      // The pipeline numbers the entities that it asks about.
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

/** With `store: false`, so that no run answers from the cache of an earlier one. */
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

test("asks the model by its name, with its token, when the chain names it first", async () => {
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

test("answers with the template, and says so, when the model is down", async () => {
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
