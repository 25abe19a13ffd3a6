import { describe, expect, test } from "vitest";
import { createLimiter } from "../../../../src/net/connections.ts";
import { RunPictures } from "../../../../src/pipeline/picture/run-pictures.ts";
import { createStoreCall } from "../../../../src/pipeline/store-call.ts";
import type { PictureStore } from "../../../../src/storage/picture-store.ts";
import { LinkSigner } from "../../../../src/storage/signed-link.ts";
import { platformTimer } from "../../../support/virtual-time.ts";

const BYTES = new Uint8Array([1, 2, 3]);

function host(more: { publicUrl?: URL | null; put?: () => Promise<void>; storeMs?: number } = {}) {
  const stored = new Map<string, Uint8Array>();
  const events: string[] = [];
  const pictures = {
    put: async (id: string, bytes: Uint8Array) => {
      await more.put?.();
      stored.set(id, bytes);
    },
    delete: async (ids: readonly string[]) => {
      for (const id of ids) stored.delete(id);
    },
  } as unknown as PictureStore;
  const run = new RunPictures({
    pictures,
    links: new LinkSigner("key"),
    publicUrl: more.publicUrl === undefined ? new URL("https://namesight.test/base/") : more.publicUrl,
    deadline: 1_500,
    name: null,
    randomBytes: (length) => new Uint8Array(length).fill(171),
    signal: new AbortController().signal,
    atStore: createStoreCall(createLimiter(), more.storeMs ?? 3_000, platformTimer),
    log: ({ event }) => events.push(event),
  });
  return { run, stored, events };
}

describe("link", () => {
  test("is signed, expires with the run, and is under the public address", async () => {
    const { run, stored } = host();
    const link = new URL((await run.link(BYTES, "image/png")) ?? "");
    expect(link.origin + link.pathname).toBe(`https://namesight.test/base/v1/pictures/${"ab".repeat(16)}`);
    expect(link.searchParams.get("expires")).toBe("2");
    expect([...stored.values()]).toEqual([BYTES]);
  });

  test("is null when models cannot reach this Worker, when the store is down, and after the end", async () => {
    expect(await host({ publicUrl: null }).run.link(BYTES, "image/png")).toBeNull();
    const down = host({ put: () => Promise.reject(new Error("down")) });
    expect([await down.run.link(BYTES, "image/png"), down.events]).toEqual([null, ["picture_not_kept"]]);
    const hanging = host({ put: () => new Promise(() => undefined), storeMs: 10 });
    expect([await hanging.run.link(BYTES, "image/png"), hanging.events]).toEqual([null, ["picture_not_kept"]]);
    await hanging.run.close();
    const { run } = host();
    await run.close();
    expect(await run.link(BYTES, "image/png")).toBeNull();
  });
});

describe("close", () => {
  test("deletes what was shown, also a picture that is still being written", async () => {
    let written = () => {};
    const writing = new Promise<void>((resolve) => {
      written = resolve;
    });
    const { run, stored } = host({ put: () => writing });
    const link = run.link(BYTES, "image/png");
    const closing = run.close();
    written();
    await Promise.all([link, closing]);
    expect(stored.size).toBe(0);
  });

  test("does every clean-up although one fails, and one that comes later at once", async () => {
    const { run } = host();
    const done: string[] = [];
    run.atEnd(() => Promise.reject(new Error("gone already")));
    run.atEnd(async () => void done.push("before"));
    await run.close();
    run.atEnd(async () => void done.push("after"));
    await Promise.resolve();
    expect(done).toEqual(["before", "after"]);
  });
});
