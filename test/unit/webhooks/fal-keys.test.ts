import { describe, expect, test } from "vitest";
import { FalKeys } from "../../../src/webhooks/fal-keys.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const message = Uint8Array.of(1, 2, 3);

async function pair() {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const { kty, crv, x } = await crypto.subtle.exportKey("jwk", publicKey);
  return { key: { kty, crv, x }, signature: new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, message)) };
}

/** Keys whose set is answered in order, the last for ever, and a clock that tests move. */
function keysOf(...answers: unknown[]) {
  const state = { now: 0, fetched: 0 };
  const fetch = async () => {
    const answer = answers[Math.min(state.fetched++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { state, keys: new FalKeys({ clock: () => state.now, fetch }) };
}

describe("FalKeys", () => {
  test("verifies by any key of the set, and leaves out keys of other kinds", async () => {
    const [first, second] = [await pair(), await pair()];
    const others = [{ kty: "RSA", n: "AA", e: "AQAB" }, { kty: "OKP", crv: "X25519", x: first.key.x }, null, 7];
    const { keys, state } = keysOf({ keys: [...others, first.key, second.key] });
    expect(await keys.verify(first.signature, message)).toBe(true);
    expect(await keys.verify(second.signature, message)).toBe(true);
    expect(await keys.verify(second.signature, Uint8Array.of(1, 2, 4))).toBe(false);
    expect(state.fetched).toBe(1);
  });

  test("are fetched once, and again after a day", async () => {
    const { key, signature } = await pair();
    const { keys, state } = keysOf({ keys: [key] });
    expect(await keys.verify(signature, message)).toBe(true);
    expect(await keys.verify(signature, message)).toBe(true);
    expect(state.fetched).toBe(1);
    state.now = DAY_MS - 1;
    await keys.verify(signature, message);
    expect(state.fetched).toBe(1);
    state.now = DAY_MS;
    await keys.verify(signature, message);
    expect(state.fetched).toBe(2);
  });

  test("do not wait for a fetch of another request, which may have ended", async () => {
    const { key, signature } = await pair();
    let fetched = 0;
    const fetch = () =>
      fetched++ === 0 ? new Promise<Response>(() => undefined) : Promise.resolve(Response.json({ keys: [key] }));
    const keys = new FalKeys({ clock: () => 0, fetch });
    keys.verify(signature, message);
    expect(await keys.verify(signature, message)).toBe(true);
    expect(fetched).toBe(2);
  });

  test("are fetched again for an unknown signature, at most every five minutes", async () => {
    const [old, fresh] = [await pair(), await pair()];
    const { keys, state } = keysOf({ keys: [old.key] }, { keys: [fresh.key] });
    expect(await keys.verify(old.signature, message)).toBe(true);
    state.now = 60_000;
    expect(await keys.verify(fresh.signature, message)).toBe(false);
    expect(state.fetched).toBe(1);
    state.now = 5 * 60_000;
    expect(await keys.verify(fresh.signature, message)).toBe(true);
    expect(state.fetched).toBe(2);
  });

  test.each<[what: string, answer: unknown]>([
    ["an error", new Response("{}", { status: 503 })],
    ["something else", { keys: "none" }],
    ["more keys than a set may have", { keys: Array.from({ length: 11 }, () => ({ kty: "OKP" })) }],
    ["no connection", new Error("refused")],
  ])("verify nothing when fal answers with %s, and keep those that were known", async (_, answer) => {
    const { key, signature } = await pair();
    expect(await keysOf(answer).keys.verify(signature, message)).toBe(false);
    const { keys, state } = keysOf({ keys: [key] }, answer);
    expect(await keys.verify(signature, message)).toBe(true);
    state.now = DAY_MS;
    expect(await keys.verify(signature, message)).toBe(true);
    expect(state.fetched).toBe(2);
    state.now += 4_999;
    await keys.verify(signature, message);
    expect(state.fetched).toBe(2);
    state.now += 1;
    await keys.verify(signature, message);
    expect(state.fetched).toBe(3);
  });

  test("verify nothing by a set without a key that can be used", async () => {
    const { signature } = await pair();
    const { keys } = keysOf({ keys: [{ kty: "OKP", crv: "Ed25519", x: "short" }] });
    expect(await keys.verify(signature, message)).toBe(false);
  });
});
