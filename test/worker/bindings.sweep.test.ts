import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { sweep } from "../../src/storage/sweep.ts";
import { startApp } from "./harness.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const keys = async () =>
  [env.PICTURES, env.MASKS]
    .map((bucket) => bucket.list())
    .reduce<Promise<string[]>>(
      async (all, listing) => [...(await all), ...(await listing).objects.map(({ key }) => key)],
      Promise.resolve([]),
    );

async function putSome() {
  await env.PICTURES.put("pictures/1", "a");
  await env.MASKS.put("overlays/public/req_1/picture", "b");
  await env.MASKS.put("masks/public/abc", "c");
}

test("the first request of a local isolate deletes what a crash left, and no other", async () => {
  await putSome();
  const app = startApp(undefined, { clock: () => Date.now() + 2 * DAY_MS });
  expect((await app.fetch("/health")).status).toBe(200);
  expect(await keys()).toEqual(["masks/public/abc"]);
  expect(app.lines).toContainEqual({ event: "swept", pictures: 1, overlays: 1 });
  await putSome();
  await app.fetch("/health");
  expect(await keys()).toHaveLength(3);
});

test("what may still be in use stays", async () => {
  await putSome();
  await startApp(undefined, { clock: Date.now }).fetch("/health");
  expect(await keys()).toHaveLength(3);
});

test("production leaves it to the lifecycle rules", async () => {
  await putSome();
  const clock = () => Date.now() + 2 * DAY_MS;
  await startApp(undefined, { clock }, { ENVIRONMENT: "production", LINK_SIGNING_KEY: "k3y" }).fetch("/health");
  expect(await keys()).toHaveLength(3);
});

test("sweep reads every page of a listing", async () => {
  const pages = [
    { objects: [{ key: "a", uploaded: new Date(1) }], truncated: true, cursor: "next" },
    {
      objects: [
        { key: "b", uploaded: new Date(9) },
        { key: "c", uploaded: new Date(2) },
      ],
      truncated: false,
    },
  ];
  const asked: unknown[] = [];
  const bucket = {
    list: async (options: object) => {
      asked.push(options);
      return pages[asked.length - 1];
    },
    delete: async (deleted: string[]) => void asked.push(deleted),
  };
  pages.splice(1, 0, pages[0] as never);
  expect(await sweep(bucket as never, "x/", 5)).toBe(2);
  expect(asked).toEqual([{ prefix: "x/" }, ["a"], { prefix: "x/", cursor: "next" }, ["c"]]);
});
