import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { JobPictures } from "../../../src/storage/job-pictures.ts";
import "../harness.ts";

const pictures = () => new JobPictures(env.MASKS);
const ignore = () => undefined;
const PICTURE = { bytes: new Uint8Array([1, 2, 3]), type: "image/png", size: { width: 1, height: 1 }, cutOff: null };

test("a picture is got as it was put, and is gone once it was deleted", async () => {
  await pictures().put("newsroom", "req_1", PICTURE as never);
  expect(await pictures().get("newsroom", "req_1", ignore)).toEqual(PICTURE);
  expect(await pictures().get("archive", "req_1", ignore)).toBeNull();
  await pictures().delete("newsroom", ["req_1", "req_2"]);
  expect(await pictures().get("newsroom", "req_1", ignore)).toBeNull();
});

test("a picture whose size there is no room for is not read", async () => {
  await pictures().put("newsroom", "req_3", PICTURE as never);
  const sizes: number[] = [];
  const refuse = (bytes: number) => {
    sizes.push(bytes);
    throw new Error("no room");
  };
  await expect(pictures().get("newsroom", "req_3", refuse)).rejects.toThrow("no room");
  expect(sizes).toEqual([3]);
});

test("of many requests at once one gets the claim, until it ends", async () => {
  const claim = (request: number, now = 0) => pictures().claim("newsroom", "req_b", `req_${request}`, now, now + 10);
  const all = await Promise.all(Array.from({ length: 8 }, (_, request) => claim(request)));
  expect(all.filter(Boolean)).toHaveLength(1);
  expect(await pictures().claim("newsroom", "req_other", "req_9", 0, 10)).toBe(true);
  expect(await claim(9)).toBe(false);
  const owner = `req_${all.indexOf(true)}`;
  await pictures().unclaim("newsroom", "req_b", "req_9", 20);
  expect(await claim(9)).toBe(false);
  await pictures().unclaim("newsroom", "req_b", owner, 20);
  expect([await claim(9), await claim(10)]).toEqual([true, false]);
});

test("a claim whose request was lost goes to one other when its time is over", async () => {
  const claim = (request: number, now: number) =>
    pictures().claim("newsroom", "req_b", `req_${request}`, now, now + 10);
  expect([await claim(0, 0), await claim(1, 9)]).toEqual([true, false]);
  const all = await Promise.all(Array.from({ length: 8 }, (_, request) => claim(request + 1, 10)));
  expect(all.filter(Boolean)).toHaveLength(1);
  expect(await claim(20, 11)).toBe(false);
});

test("a claim is kept by its own request alone, and by none once it has ended or another one has it", async () => {
  const keep = (request: number, until: number) => pictures().keepClaim("newsroom", "req_b", `req_${request}`, until);
  const claim = (request: number, now: number) =>
    pictures().claim("newsroom", "req_b", `req_${request}`, now, now + 10);
  expect(await keep(0, 20)).toBe(false);
  expect(await claim(0, 0)).toBe(true);
  expect([await keep(1, 20), await keep(0, 20), await claim(1, 19)]).toEqual([false, true, false]);
  expect([await claim(1, 20), await keep(0, 40)]).toEqual([true, false]);
  await pictures().unclaim("newsroom", "req_b", "req_0", 40);
  expect(await keep(1, 40)).toBe(true);
  await pictures().unclaim("newsroom", "req_b", "req_1", 40);
  expect(await keep(1, 50)).toBe(false);
});

test("of a claim that is kept and taken at once, one request has it", async () => {
  expect(await pictures().claim("newsroom", "req_c", "req_0", 0, 10)).toBe(true);
  const both = await Promise.all([
    pictures().keepClaim("newsroom", "req_c", "req_0", 30),
    pictures().claim("newsroom", "req_c", "req_1", 10, 20),
  ]);
  expect(both.filter(Boolean)).toHaveLength(1);
});
