import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { Attempts } from "../../../src/webhooks/attempts.ts";

let opened = 0;
const attempts = new Attempts(env.ATTEMPTS, new URL("https://namesight.test/base/"), (length) =>
  new Uint8Array(length).fill(++opened),
);
const objectOf = (url: string) => env.ATTEMPTS.getByName(url.split("/").at(-1) ?? "");
const unbound = () => new AbortController().signal;

describe("Attempts", () => {
  test("has an address of its own under the public one", () => {
    const [a, b] = [attempts.open().url, attempts.open().url];
    expect(a).toMatch(/^https:\/\/namesight\.test\/base\/hooks\/replicate\/[0-9a-f]{32}$/);
    expect(a).not.toBe(b);
  });

  test("gives its end to whoever waits for it", async () => {
    const { url, ended } = attempts.open();
    const end = ended(unbound());
    await objectOf(url).settle('{"status":"succeeded"}');
    expect(await end).toEqual({ status: "succeeded" });
  });

  test("is null at once when nobody waits any more", async () => {
    expect(await attempts.open().ended(AbortSignal.abort())).toBeNull();
  });
});
