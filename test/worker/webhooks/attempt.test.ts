import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { Attempts } from "../../../src/webhooks/attempts.ts";

let opened = 0;
const attempts = new Attempts(env.ATTEMPTS, new URL("https://namesight.test/base/"), (length) =>
  new Uint8Array(length).fill(++opened),
);
const objectOf = (url: string) => env.ATTEMPTS.getByName(url.split("/").at(-1) ?? "");
const unbound = () => new AbortController().signal;

describe("Attempt", () => {
  test("keeps an end that comes first until somebody asks, and then forgets it", async () => {
    const { url, ended } = attempts.open();
    await objectOf(url).settle('{"status":"failed"}');
    await objectOf(url).settle('{"status":"succeeded"}');
    expect(await ended(unbound())).toEqual({ status: "failed" });
    const again = new AbortController();
    const second = ended(again.signal);
    again.abort();
    expect(await second).toBeNull();
  });

  test("keeps nothing once its alarm has rung", async () => {
    const { url, ended } = attempts.open();
    await objectOf(url).settle('{"status":"failed"}');
    expect(await runDurableObjectAlarm(objectOf(url))).toBe(true);
    const caller = new AbortController();
    const end = ended(caller.signal);
    caller.abort();
    expect(await end).toBeNull();
  });
});
