import { describe, expect, test } from "vitest";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { callClient, type HuggingFaceAddress, huggingFaceSend, postJson } from "../../../src/providers/huggingface.ts";
import { readAddress } from "../../../src/stages/address.ts";
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

/** The two ways to ask: by the vendor's client, and with a body of our own. */
const WAYS = {
  "by the client": (world: CalmWorld, signal = unbound()) =>
    callClient(at(world), world, signal, (client, access, options) =>
      client.imageToText({ ...access, inputs: picture }, options),
    ),
  "with JSON of our own": (world: CalmWorld, signal = unbound()) =>
    postJson(at(world), { inputs: "AQID" }, world, signal),
} as const;

describe.each(Object.entries(WAYS))("%s", (_, ask) => {
  test("is one request to the address itself, and no look-up at the Hub", async () => {
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

  test("a 503 is one request", async () => {
    const world = await start({ huggingface: Array(50).fill(cold) });
    await expect(ask(world)).rejects.toMatchObject({ name: "StageError", code: "not_ready", retryable: true });
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([
    ["without a word", cold, 2_000],
    ["with Retry-After", { ...cold, headers: { "retry-after": "4" } }, 4_000],
    ["with an estimate", { ...cold, body: '{"error":"Model m is currently loading","estimated_time":6.5}' }, 6_500],
  ] as const)("a host that starts %s is waited for by the pipeline", async (__, fault, wait) => {
    const world = await start({ huggingface: [fault, fault, fault, fault] });
    const runner = runnerOf(
      [captioner("huggingface:test/m", async () => caption(((await ask(world)) as typeof words).generated_text))],
      world,
    );
    expect(await runner.run("caption", {})).toMatchObject({ caption: words.generated_text });
    expect(world.waits).toEqual([wait, wait, wait, wait]);
  });

  test("and not beyond the deadline", async () => {
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
    ["our token", { kind: "status", status: 401 }, "unauthorized", false],
    ["an unknown model", { kind: "status", status: 404 }, "rejected", false],
    ["an input", { kind: "status", status: 400, body: '{"error":"unknown candidate_labels"}' }, "rejected", false],
    [
      "its own fault, as the toolkit says it (section 2.6)",
      { kind: "status", status: 400, body: '{"error":"CUDA out of memory"}' },
      "failed",
      false,
    ],
    ["too many requests", { kind: "status", status: 429, headers: { "retry-after": "1" } }, "rate_limited", true],
    ["an overload", { kind: "status", status: 500 }, "http_error", true],
    [
      "to follow it elsewhere",
      { kind: "status", status: 307, headers: { location: "https://elsewhere.example/" } },
      "http_error",
      false,
    ],
    ["to answer", { kind: "reset" }, "network", true],
    ["to answer in full", { kind: "cut" }, "network", true],
  ] as const)("a host that refuses %s is one request, and a StageError", async (__, fault, code, retryable) => {
    const world = await start({ huggingface: Array<Fault>(10).fill(fault) });
    const error = await ask(world).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StageError", code, retryable });
    expect(String(error)).not.toMatch(/t0ken|candidate_labels|CUDA/);
    expect(await world.session.calls()).toHaveLength(1);
  });

  test.each([["silent"], ["stalled"]] as const)("an abort while it is %s closes the connection", async (kind) => {
    const world = await start({ huggingface: [{ kind }] });
    const leave = new AbortController();
    const asked = ask(world, leave.signal);
    await world.session.until((calls) => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toMatchObject({ code: "canceled" });
    await world.session.until(([first]) => first?.abandoned === true);
  });

  test("a token goes to a configured origin or nowhere", async () => {
    const world = await start({});
    const elsewhere = { ...world, fetch: createProviderFetch(new Set(["https://elsewhere.example"])) };
    await expect(ask(elsewhere)).rejects.toMatchObject({ code: "network" });
    expect(await world.session.calls()).toEqual([]);
  });
});

test("what the client takes for no result of its task is no output of ours", async () => {
  const world = await startWorld({ replies: { "huggingface /task": [{ text: "other" }] } });
  await expect(WAYS["by the client"](world)).rejects.toMatchObject({
    name: "StageError",
    code: "invalid_output",
    retryable: false,
  });
});

test("what is no JSON is unreadable", async () => {
  const world = await start({ huggingface: [{ kind: "status", status: 200, body: "<html>" }] });
  await expect(WAYS["with JSON of our own"](world)).rejects.toMatchObject({ code: "unreadable" });
});

test("without a token none is sent", async () => {
  const world = await start({});
  await postJson({ ...at(world), token: null }, { inputs: "AQID" }, world, unbound());
  await callClient({ ...at(world), token: null }, world, unbound(), (client, access, options) =>
    client.imageToText({ ...access, inputs: picture }, options),
  );
  for (const { headers } of await world.session.calls()) expect(headers).not.toHaveProperty("authorization");
});

describe("chat by the client", () => {
  const body = { model: "owner/name", messages: [{ role: "user", content: "?" }] };

  test("one request, at the path that the client adds; the reply as it came", async () => {
    const reply = { choices: [{ message: { content: "Yes" } }] };
    const world = await startWorld({ replies: { "chat owner/name": [reply] } });
    expect(await huggingFaceSend(at(world, "huggingface"), world)(body, unbound())).toEqual({ reply });
    const calls = await world.session.calls();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path: "/huggingface/v1/chat/completions", body });
  });

  test("a refusal says what it complained of, so that it can be asked otherwise", async () => {
    const said = '{"error":"response_format is not supported"}';
    const world = await start({ chat: [{ kind: "status", status: 422, body: said }] });
    const answer = await huggingFaceSend(at(world, "huggingface"), world)(body, unbound());
    expect(answer).toMatchObject({ status: 422, text: said, error: { code: "rejected" } });
  });
});

test("an entry without an alias is asked at the router, by a path and no look-up", async () => {
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
