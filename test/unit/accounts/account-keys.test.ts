import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { NOON, newKey, TestAccount } from "../../support/accounts/account.ts";

const HOUR = 60 * 60 * 1000;
const replacement = (name: string) => ({ hash: name, id: `key_${name}`, lastFour: "ffff" });

test("a rotated key works for its overlap, and its successor keeps what the owner chose", async () => {
  const account = await TestAccount.open();
  const expiresAt = NOON + 48 * HOUR;
  await account.state.createKey(newKey("old", { mode: "test", scopes: ["stages"], expiresAt }));
  const iso = (time: number) => new Date(time).toISOString();
  expect(await account.state.rotateKey("key_old", replacement("new"), HOUR)).toEqual({
    id: "key_new",
    name: "old",
    mode: "test",
    scopes: ["stages"],
    last_four: "ffff",
    created_at: iso(NOON),
    expires_at: iso(expiresAt),
    revoked_at: null,
    replaced_by: null,
  });
  // A rotation whose answer was lost is repeated: the overlap grows no longer.
  account.now += HOUR / 2;
  expect(await account.state.rotateKey("key_old", replacement("newer"), 2 * HOUR)).toMatchObject({
    expires_at: iso(expiresAt),
  });
  const listed = await account.state.listKeys();
  expect(listed.map(({ id }) => id)).toEqual(["key_newer", "key_new", "key_old", "key_test", "key_live"]);
  expect(listed[2]).toMatchObject({ expires_at: iso(NOON + HOUR), replaced_by: "key_newer" });
  expect(await account.state.authenticate("old", "stages")).toMatchObject({ outcome: "valid", mode: "test" });
  account.now = NOON + HOUR;
  expect(await account.state.authenticate("old", null)).toEqual({ outcome: "expired_key", at: NOON + HOUR });
  expect(await account.state.authenticate("newer", "stages")).toMatchObject({ outcome: "valid" });
  expect(await account.state.rotateKey("key_old", replacement("last"), HOUR)).toBeNull();
  expect(await account.state.rotateKey("key_nobody", replacement("last"), HOUR)).toBeNull();
});

test("a key is revoked at once, and the first time stays", async () => {
  const account = await TestAccount.open();
  const revoked = await account.state.revokeKey("key_live");
  account.now += HOUR;
  expect(await account.state.revokeKey("key_live")).toEqual(revoked);
  expect(await account.state.authenticate("live", null)).toEqual({ outcome: "revoked_key", at: NOON });
  expect(await account.state.revokeKey("key_nobody")).toBeNull();
});

test("only working keys count against their limit", async () => {
  const account = await TestAccount.open();
  for (let made = 2; made < LIMITS.keys; made++) await account.state.createKey(newKey(`k${made}`));
  expect(await account.state.createKey(newKey("more"))).toEqual({ outcome: "too_many_keys", limit: LIMITS.keys });
  await account.state.revokeKey("key_k2");
  expect(await account.state.createKey(newKey("more"))).toMatchObject({ id: "key_more" });
});

test("rotation makes at most as many keys again as an account may have", async () => {
  const account = await TestAccount.open();
  const rotate = (name: string) => account.state.rotateKey("key_live", replacement(name), HOUR);
  for (let made = 2; made < 2 * LIMITS.keys; made++) expect(await rotate(`n${made}`)).toMatchObject({ name: "live" });
  expect(await rotate("last")).toEqual({ outcome: "too_many_keys", limit: 2 * LIMITS.keys });
  expect(await account.state.createKey(newKey("other"))).toMatchObject({ outcome: "too_many_keys" });
});
