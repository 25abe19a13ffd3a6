import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { Attempts } from "../../../src/webhooks/attempts.ts";
import { unbound } from "../providers/start.ts";
import { newName, stored } from "./stored-attempts.ts";

const PUBLIC_URL = "https://api.namesight.test";
const prediction = { id: "p1", status: "succeeded", output: ["words"] };

describe("Attempts", () => {
  const open = () => {
    const name = newName();
    const bytes = Uint8Array.from(name.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return { name, attempt: new Attempts(env.ATTEMPTS, new URL(PUBLIC_URL), () => bytes).open("fal") };
  };

  test("opens attempts with a callback URL each", () => {
    const { name, attempt } = open();
    expect(attempt.url).toBe(`${PUBLIC_URL}/hooks/fal/${name}`);
  });

  test("resolves with the prediction when the callback arrives", async () => {
    const { name, attempt } = open();
    const ended = attempt.ended(unbound());
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await ended).toEqual(prediction);
  });

  test("gives the prediction to the process that opens the attempt again", async () => {
    const { name, attempt } = open();
    expect(attempt.name).toBe(name);
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await attempt.ended(unbound())).toEqual(prediction);
    const again = new Attempts(env.ATTEMPTS, new URL(PUBLIC_URL), () => new Uint8Array(16)).reopen("fal", name);
    expect([again.name, again.url]).toEqual([attempt.name, attempt.url]);
    expect(await again.ended(unbound())).toEqual(prediction);
  });

  test("resolves with null when the caller aborts", async () => {
    const { name, attempt } = open();
    const leave = new AbortController();
    const ended = attempt.ended(leave.signal);
    // A call to the object comes after the one that waits.
    expect(await stored(name)).toEqual({});
    leave.abort();
    expect(await ended).toBeNull();
  });

  test("resolves with null when the caller has aborted before", async () => {
    expect(await open().attempt.ended(AbortSignal.abort())).toBeNull();
  });

  test("resolves with null when the Durable Object breaks down, and with the later end when it is asked again", async () => {
    const { name, attempt } = open();
    const ended = attempt.ended(unbound());
    expect(await stored(name)).toEqual({});
    await abortAllDurableObjects();
    expect(await ended).toBeNull();
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await attempt.ended(unbound())).toEqual(prediction);
  });
});
