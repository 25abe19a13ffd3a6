import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { callClient, type HuggingFaceAddress, huggingFaceSend, postJson } from "../../../src/providers/huggingface.ts";
import { readAddress } from "../../../src/stages/address.ts";
import { endlessHost } from "../../support/endless-host.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, NOW, runnerOf, startWorld, unbound } from "./start.ts";

const words = { generated_text: "a woman in an orange suit" };
const replies = { "huggingface /task": [words] };
const picture = new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" });

const at = ({ session }: CalmWorld, path = "huggingface/task"): HuggingFaceAddress => ({
  endpoint: new URL(session.at(path)),
  token: "t0ken",
});
const start = (faults: NonNullable<HostScript["faults"]>) => startWorld({ replies, faults });

/** The two ways to send a request: with the vendor's client, and with a body of our own. */
const WAYS = {
  callClient: (world: CalmWorld, signal = unbound()) =>
    callClient(at(world), world, signal, (client, access, options) =>
      client.imageToText({ ...access, inputs: picture }, options),
    ),
  postJson: (world: CalmWorld, signal = unbound()) => postJson(at(world), { inputs: "AQID" }, world, signal),
} as const;

describe.each(Object.entries(WAYS))("%s", (_, ask) => {
  test("sends one request to the address, and none to the Hub", async () => {
    const world = await start({});
    expect(await ask(world)).toEqual(words);
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      path: "/huggingface/task",
      method: "POST",
      headers: { authorization: "Bearer t0ken" },
    });
  });

  const cold: Fault = { kind: "status", status: 503, body: '{"error":"the endpoint is scaled to zero"}' };

  test("sends one request when the answer is a 503", async () => {
    const world = await start({ huggingface: Array(50).fill(cold) });
    await expect(ask(world)).rejects.toMatchObject({ name: "StageError", code: "not_ready", retryable: true });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([
    ["gives no waiting time", cold, 2_000],
    ["sends Retry-After", { ...cold, headers: { "retry-after": "4" } }, 4_000],
    [
      "gives an estimated time",
      { ...cold, body: '{"error":"Model m is currently loading","estimated_time":6.5}' },
      6_500,
    ],
  ] as const)("is repeated by the pipeline when a host that starts %s", async (__, fault, wait) => {
    const world = await start({ huggingface: [fault, fault, fault, fault] });
    const runner = runnerOf(
      [captioner("huggingface:test/m", async () => caption(((await ask(world)) as typeof words).generated_text))],
      world,
    );
    expect(await runner.run("caption", {})).toMatchObject({ caption: words.generated_text });
    expect(world.waits).toEqual([wait, wait, wait, wait]);
  });

  test("is not repeated beyond the deadline when a host starts", async () => {
    const world = await start({ huggingface: Array(50).fill(cold) });
    const runner = runnerOf(
      [captioner("huggingface:test/m", async () => caption(await ask(world)))],
      world,
      NOW + 5_000,
    );
    expect(await runner.run("caption", {})).toBeNull();
    expect(world.waits).toEqual([2_000, 2_000]);
  });

  test.each([
    ["a 401", { kind: "status", status: 401 }, "unauthorized", false],
    ["a 404", { kind: "status", status: 404 }, "not_found", false],
    [
      "a 400 about the input",
      { kind: "status", status: 400, body: '{"error":"unknown candidate_labels"}' },
      "rejected",
      false,
    ],
    [
      "a 400 about its own GPU, as the Inference Toolkit answers it",
      { kind: "status", status: 400, body: '{"error":"CUDA error"}' },
      "failed",
      false,
    ],
    ["a 400 about its own memory", { kind: "status", status: 400, body: '{"error":"out of memory"}' }, "failed", false],
    [
      "a 400 about its device",
      { kind: "status", status: 400, body: '{"error":"device-side assert"}' },
      "failed",
      false,
    ],
    ["a 400 about an internal error", { kind: "status", status: 400, body: '{"error":"internal"}' }, "failed", false],
    ["a 429", { kind: "status", status: 429, headers: { "retry-after": "1" } }, "rate_limited", true],
    ["a 500", { kind: "status", status: 500 }, "http_error", true],
    [
      "a redirect",
      { kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } },
      "http_error",
      false,
    ],
    ["a closed connection", { kind: "reset" }, "network", true],
    ["a response that breaks off", { kind: "cut" }, "network", true],
  ] as const)("throws a StageError after one request when the answer is %s", async (__, fault, code, retryable) => {
    const world = await start({ huggingface: Array<Fault>(10).fill(fault) });
    const error = await ask(world).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toMatch(/t0ken|candidate_labels|CUDA/);
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([["silent"], ["stalled"]] as const)(
    "closes the connection when it is aborted while the host is %s",
    async (kind) => {
      const world = await start({ huggingface: [{ kind }] });
      const leave = new AbortController();
      const asked = ask(world, leave.signal);
      await world.session.until((calls) => calls.length === 1);
      leave.abort();
      await expect(asked).rejects.toMatchObject({ code: "canceled" });
      await world.session.until(([first]) => first?.abandoned === true);
    },
  );

  test("sends nothing when the endpoint's origin is not configured", async () => {
    const world = await start({});
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(ask(elsewhere)).rejects.toMatchObject({ code: "network" });
    expect(await world.session.calls()).toEqual([]);
  });
});

test("callClient throws an invalid_output when the client refuses the result", async () => {
  const world = await startWorld({ replies: { "huggingface /task": [{ text: "other" }] } });
  await expect(WAYS.callClient(world)).rejects.toMatchObject({
    name: "StageError",
    code: "invalid_output",
    retryable: false,
  });
});

test("postJson throws an unreadable when the response is not JSON", async () => {
  const world = await start({ huggingface: [{ kind: "status", status: 200, body: "<html>" }] });
  await expect(WAYS.postJson(world)).rejects.toMatchObject({ code: "unreadable" });
});

test("neither way sends a token when there is none", async () => {
  const world = await start({});
  await postJson({ ...at(world), token: null }, { inputs: "AQID" }, world, unbound());
  await callClient({ ...at(world), token: null }, world, unbound(), (client, access, options) =>
    client.imageToText({ ...access, inputs: picture }, options),
  );
  const calls = await world.session.calls();
  expect(calls).toHaveLength(2);
  for (const { headers } of calls) expect(headers).not.toHaveProperty("authorization");
});

describe("huggingFaceSend", () => {
  const body = { model: "owner/name", messages: [{ role: "user", content: "?" }] };

  test("sends one request to the chat path and returns the reply as it is", async () => {
    const reply = { choices: [{ message: { content: "Yes" } }] };
    const world = await startWorld({ replies: { "chat owner/name": [reply] } });
    expect(await huggingFaceSend(at(world, "huggingface"), world)(body, unbound())).toEqual({ reply });
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path: "/huggingface/v1/chat/completions", body });
  });

  test("returns the status and the text of a refusal", async () => {
    const said = '{"error":"response_format is not supported"}';
    const world = await start({ chat: [{ kind: "status", status: 422, body: said }] });
    const answer = await huggingFaceSend(at(world, "huggingface"), world)(body, unbound());
    expect(answer).toMatchObject({ status: 422, text: said, error: { code: "rejected" } });
  });
});

test("huggingFaceSend sends to the router when the entry has no alias", async () => {
  const asked: string[] = [];
  const address = readAddress("huggingface/chat/owner/name", (name) => (name === "HF_TOKEN" ? "t0ken" : ""));
  expect(address).toMatchObject({ endpoint: new URL("https://router.huggingface.co"), token: "t0ken" });
  const world = await start({});
  const fetch = async (url: URL) => {
    asked.push(url.href);
    return Response.json({ choices: [{ message: { content: "Yes" } }] });
  };
  await huggingFaceSend(
    { endpoint: address.endpoint ?? new URL("https://elsewhere.example"), token: address.token },
    { ...world, fetch },
  )({ model: "owner/name", messages: [] }, unbound());
  expect(asked).toEqual(["https://router.huggingface.co/v1/chat/completions"]);
});

test("postJson throws a StageError when the response is longer than the limit", async () => {
  const { endpoint, fetch, bytesRead } = endlessHost();
  const posting = postJson({ endpoint, token: null }, {}, { fetch, clock: () => NOW }, unbound());
  await expect(posting).rejects.toMatchObject({ name: "StageError", code: "invalid_output" });
  expect(bytesRead()).toBeLessThan(2 * LIMITS.replyBytes);
});
