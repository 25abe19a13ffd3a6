import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { AccountFiles } from "../../../src/storage/account-files.ts";
import "../harness.ts";

const files = new AccountFiles(env.MASKS);
const stored = async () => (await env.MASKS.list()).objects.map(({ key }) => key);

test("lists accounts by name, page by page", async () => {
  for (const account of ["cccc", "aaaa", "bbbb"]) await files.enlist(account);
  expect(await files.list(null, 2)).toEqual({ accounts: ["aaaa", "bbbb"], next: "bbbb" });
  expect(await files.list("bbbb", 2)).toEqual({ accounts: ["cccc"], next: null });
});

test("deletes everything of an account, and of none whose name begins alike", async () => {
  const kept = ["accounts/aaaab", "masks/aaaab/1", "pictures/aaaa"];
  for (const key of kept) await env.MASKS.put(key, "");
  await files.enlist("aaaa");
  for (const folder of ["masks", "overlays", "answers"]) {
    for (const name of ["1", "2/3"]) await env.MASKS.put(`${folder}/aaaa/${name}`, "");
  }
  await files.deleteAll("aaaa");
  expect(await stored()).toEqual(kept);
});
