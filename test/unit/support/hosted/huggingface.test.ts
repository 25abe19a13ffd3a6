import { InferenceClient } from "@huggingface/inference";
import { describe, expect, test } from "vitest";
import { createProviderFetch } from "../../../../src/net/provider-fetch.ts";
import {
  callClient,
  type HuggingFaceAddress,
  huggingFaceSend,
  postJson,
} from "../../../../src/providers/huggingface.ts";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import type { HostScript, HostSession } from "../../../support/hosted/script.ts";
import { differences, publishedSchema } from "../../../support/hosted/task-schemas.ts";

const open = hostForTests();
const picture = new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" });
const labels = ["a woman", "no woman"];

/** Answers of each task. A test below checks them against the published schemas (`@huggingface/tasks`). */
const BODIES = {
  "token-classification": [{ entity_group: "PER", score: 0.99, word: "Collins", start: 7, end: 14 }],
  "zero-shot-image-classification": [
    { label: "a woman", score: 0.9 },
    { label: "no woman", score: 0.1 },
  ],
  "zero-shot-object-detection": [{ label: "a woman", score: 0.8, box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 } }],
  "image-to-text": { generated_text: "a woman in an orange suit" },
  "chat-completion": {
    id: "c1",
    created: 1_795_392_000,
    model: "m",
    system_fingerprint: "fp",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content: "Yes" },
        logprobs: { content: [{ token: "Yes", logprob: -0.1, top_logprobs: [{ token: "Yes", logprob: -0.1 }] }] },
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
  },
} as const;

async function start(
  task: keyof typeof BODIES,
  script: HostScript = {},
): Promise<{ client: InferenceClient; endpointUrl: string; session: HostSession }> {
  const reply = [BODIES[task]];
  const session = await open({ ...script, replies: { "huggingface /task": reply, "chat m": reply } });
  return { client: new InferenceClient("t0ken"), endpointUrl: session.at("huggingface/task"), session };
}

describe("the vendor's client", () => {
  test("does token classification, and its request keeps the schema", async () => {
    const { client, endpointUrl, session } = await start("token-classification");
    const parameters = { aggregation_strategy: "simple" } as const;
    expect(await client.tokenClassification({ endpointUrl, inputs: "Eileen Collins", parameters })).toEqual(
      BODIES["token-classification"],
    );
    const [{ body, headers } = { body: null, headers: {} }] = await session.calls();
    expect(headers).toMatchObject({ authorization: "Bearer t0ken" });
    expect(differences("token-classification", "input", body)).toEqual([]);
  });

  test("does zero-shot image classification, and sends an object where the schema has a string", async () => {
    const { client, endpointUrl, session } = await start("zero-shot-image-classification");
    const asked = client.zeroShotImageClassification({
      endpointUrl,
      inputs: picture,
      parameters: { candidate_labels: labels },
    });
    expect(await asked).toEqual(BODIES["zero-shot-image-classification"]);
    const [{ body } = { body: null }] = await session.calls();
    expect(body).toMatchObject({ inputs: { image: "AQID" } });
    expect(differences("zero-shot-image-classification", "input", body)).not.toEqual([]);
    expect(differences("zero-shot-image-classification", "input", { ...(body as object), inputs: "AQID" })).toEqual([]);
  });

  test("does image to text, with the picture as the body", async () => {
    const { client, endpointUrl, session } = await start("image-to-text");
    expect(await client.imageToText({ endpointUrl, inputs: picture })).toEqual(BODIES["image-to-text"]);
    expect((await session.calls())[0]).toMatchObject({ base64: "AQID", headers: { "content-type": "image/png" } });
  });

  test("chats at the path that it adds, and its request keeps the schema", async () => {
    const { client, endpointUrl, session } = await start("chat-completion");
    const messages = [{ role: "user", content: "Is there a woman? Yes or no." }];
    expect(await client.chatCompletion({ endpointUrl, model: "m", messages, logprobs: true, top_logprobs: 5 })).toEqual(
      BODIES["chat-completion"],
    );
    const [{ path, body } = { path: "", body: null }] = await session.calls();
    expect(path).toBe("/huggingface/task/v1/chat/completions");
    expect(differences("chat-completion", "input", body)).toEqual([]);
  });

  test.each(Object.entries(BODIES))("gets an answer of %s that keeps the schema", (task, body) => {
    expect(differences(task as keyof typeof BODIES, "output", body)).toEqual([]);
  });

  test.each([
    ["token-classification", [{ entity_group: "PER", score: 0.99, word: "Collins" }]],
    ["zero-shot-image-classification", [{ label: "a woman" }]],
    ["zero-shot-object-detection", [{ label: "a", score: 1, box: { xmin: 0.5, ymin: 0, xmax: 1, ymax: 1 } }]],
    ["image-to-text", { text: "a woman" }],
    ["chat-completion", { choices: [{ index: 0, message: { role: "assistant", content: "Yes" } }] }],
  ] as const)("would get a difference for a wrong answer of %s", (task, body) => {
    expect(differences(task, "output", body)).not.toEqual([]);
  });

  test("needs the schema of image-to-text mended, which requires generatedText and describes generated_text", () => {
    expect(publishedSchema("image-to-text", "output")).toMatchObject({
      properties: { generated_text: {} },
      required: ["generatedText"],
    });
  });
});

describe("our provider", () => {
  const tools = (session: HostSession) => ({
    fetch: createProviderFetch(new Set([session.base.origin])),
    clock: () => 0,
  });
  const at = (session: HostSession, path = "huggingface/task"): HuggingFaceAddress => ({
    endpoint: new URL(session.at(path)),
    token: "t0ken",
  });
  const { signal } = new AbortController();

  test("keeps the schema of token classification with the client", async () => {
    const { session } = await start("token-classification");
    const parameters = { aggregation_strategy: "simple" } as const;
    const answer = await callClient(at(session), tools(session), signal, (client, access, options) =>
      client.tokenClassification({ ...access, inputs: "Eileen Collins", parameters }, options),
    );
    expect(answer).toEqual(BODIES["token-classification"]);
    expect(differences("token-classification", "input", (await session.calls())[0]?.body)).toEqual([]);
  });

  test("keeps the schema of zero-shot object detection with a body of its own", async () => {
    const { session } = await start("zero-shot-object-detection");
    const body = { inputs: "AQID", parameters: { candidate_labels: labels } };
    expect(await postJson(at(session), body, tools(session), signal)).toEqual(BODIES["zero-shot-object-detection"]);
    expect(differences("zero-shot-object-detection", "input", (await session.calls())[0]?.body)).toEqual([]);
  });

  test("keeps the schema of chat completion with a response schema and log-probabilities", async () => {
    const { session } = await start("chat-completion");
    const json_schema = { name: "answer", schema: { type: "object" }, strict: true };
    const send = huggingFaceSend(at(session, "huggingface"), tools(session));
    const messages = [
      {
        role: "user",
        content: [
          { type: "text", text: "?" },
          { type: "image_url", image_url: { url: "https://namesight.test/p" } },
        ],
      },
    ];
    const format = { type: "json_schema", json_schema };
    const body = {
      model: "m",
      messages,
      max_tokens: 5,
      temperature: 0,
      logprobs: true,
      top_logprobs: 5,
      response_format: format,
    };
    expect(await send(body, signal)).toEqual({ reply: BODIES["chat-completion"] });
    const [{ body: sent, path } = { body: null, path: "" }] = await session.calls();
    expect(path).toBe("/huggingface/v1/chat/completions");
    expect(sent).toEqual(body);
    expect(differences("chat-completion", "input", sent)).toEqual([]);
  });
});

/** docs/reference/hosted-models.md, "Hugging Face". */
describe("the vendor's client's defects", () => {
  const cold = { kind: "status", status: 503, headers: { "retry-after": "60" }, body: '{"error":"loading"}' } as const;

  test("include that it repeats a request at once, whatever Retry-After says, for as long as it gets 503", async () => {
    const { client, endpointUrl, session } = await start("token-classification", {
      faults: { huggingface: Array(5).fill(cold) },
    });
    await client.tokenClassification({ endpointUrl, inputs: "Eileen Collins" });
    expect(await session.calls()).toHaveLength(6);
  });
});

test("answers 400 with an error, as the Inference Toolkit does, when a body has no inputs", async () => {
  const { endpointUrl } = await start("token-classification");
  const response = await fetch(endpointUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
});
