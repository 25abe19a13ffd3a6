import { describe, expect, test } from "vitest";
import { withReplicateSource } from "../../../../src/stages/adapters/replicate-source.ts";
import type { PictureRef } from "../../../../src/stages/picture-ref.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";
import { startModel } from "../harness.ts";

const VERSION = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const SIZE = { width: 10, height: 10 };
const long = `data:image/png;base64,${"A".repeat(1_400_000)}`;
const entity = (index: number) => ({ id: `e${index}`, text: `name ${index}`, type: "PER" });

const start = (faults: Parameters<typeof startModel>[2]["faults"] = {}) =>
  startModel("grounding", "replicate:test/adirik/grounding-dino", {
    replies: { [`replicate ${VERSION}`]: [{ detections: [] }] },
    faults,
  });

const inputOf = (image: string) => ({ image, size: SIZE, entities: [entity(1)] });

/** A picture without a link, and what its run does when it ends. */
function pictureOfRun(dataUrl = long) {
  const cleanups: Array<() => Promise<unknown>> = [];
  const picture = pictureRefOf(dataUrl, SIZE, (cleanup) => void cleanups.push(cleanup));
  return { picture, end: () => Promise.all(cleanups.map((cleanup) => cleanup())) };
}

describe("a picture of a short data URL", () => {
  test("stands in the input", async () => {
    const { run, calls } = await start();
    await run(inputOf("data:image/png;base64,AQID"));
    expect((await calls()).map(({ operation }) => operation)).toEqual(["replicate.create"]);
  });
});

describe("a picture that is too long for an input", () => {
  test("is uploaded, given by its address, and deleted when the run ends", async () => {
    const { run, calls } = await start();
    await run(inputOf(long));
    const met = await calls();
    expect(met.map(({ operation }) => operation)).toEqual([
      "replicate.files.create",
      "replicate.create",
      "replicate.files.delete",
    ]);
    const [upload, created] = met;
    expect(upload?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(atob(upload?.base64 ?? "")).toContain("Content-Type: image/png");
    expect(created?.body).toMatchObject({ input: { image: expect.stringMatching(/^http.*\/files\/f1$/) } });
  });

  test("is deleted when the run ends, although the prediction failed", async () => {
    const { run, calls } = await start({ "replicate.create": [{ kind: "prediction", status: "failed" }] });
    await expect(run(inputOf(long))).rejects.toMatchObject({ code: "failed" });
    expect((await calls()).at(-1)?.operation).toBe("replicate.files.delete");
  });

  test("is a StageError after one request when it cannot be uploaded", async () => {
    const { run, calls } = await start({
      "replicate.files.create": Array(10).fill({ kind: "status", status: 413 }),
    });
    await expect(run(inputOf(long))).rejects.toMatchObject({
      code: "rejected",
      detail: "rejected the request: input too large (413)",
    });
    expect(await calls()).toHaveLength(1);
  });

  test("is uploaded once when ten entities are asked of a model that takes one at a time", async () => {
    const { ask, calls } = await start();
    const { picture, end } = pictureOfRun();
    await Promise.all(Array.from({ length: 10 }, (_, index) => ask({ picture, entities: [entity(index)] })));
    const during = await calls();
    expect(during.filter(({ operation }) => operation === "replicate.files.create")).toHaveLength(1);
    const created = during.filter(({ operation }) => operation === "replicate.create");
    expect(created).toHaveLength(10);
    const urls = created.map(({ body }) => (body as { input: { image: string } }).input.image);
    expect(new Set(urls)).toEqual(new Set([expect.stringMatching(/\/files\/f1$/)]));
    expect(during.some(({ operation }) => operation === "replicate.files.delete")).toBe(false);
    await end();
    expect((await calls("replicate.files.delete")).length).toBe(1);
  });

  test("is uploaded again when the first upload failed", async () => {
    const { ask, calls } = await start({ "replicate.files.create": [{ kind: "status", status: 503 }] });
    const { picture } = pictureOfRun();
    await expect(ask({ picture, entities: [entity(1)] })).rejects.toMatchObject({ code: "not_ready" });
    await ask({ picture, entities: [entity(1)] });
    expect(await calls("replicate.files.create")).toHaveLength(2);
  });

  test("rejects at once when a call that waits for another's upload is aborted", async () => {
    const { ask, session } = await start({ "replicate.files.create": [{ kind: "silent" }] });
    const { picture } = pictureOfRun();
    const [stay, leave] = [new AbortController(), new AbortController()];
    const first = ask({ picture, entities: [entity(1)] }, { signal: stay.signal }).catch(() => undefined);
    const second = ask({ picture, entities: [entity(2)] }, { signal: leave.signal });
    await session.until((met) => met.length === 1);
    leave.abort();
    await expect(second).rejects.toMatchObject({ code: "canceled" });
    stay.abort();
    await first;
  });
});

describe("withReplicateSource", () => {
  const address = { endpoint: new URL("https://api.replicate.com/v1"), token: "t0ken" };
  const runtime = { fetch: () => Promise.reject(new Error("no request is expected")), clock: () => 0 };
  const sourceOf = (picture: PictureRef | null) =>
    withReplicateSource(picture, address, runtime, new AbortController().signal, async (image) => image);

  test("removes at the run's end an upload whose calls were all aborted, and gives it to a later call", async () => {
    const requests: string[] = [];
    let respond = (_: Response) => {};
    const fetch = (url: URL, init: RequestInit) => {
      requests.push(`${init.method} ${url.pathname}`);
      if (init.method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
      return new Promise<Response>((resolve) => {
        respond = resolve;
      });
    };
    const { picture, end } = pictureOfRun();
    const leave = new AbortController();
    const ask = (signal: AbortSignal) =>
      withReplicateSource(picture, address, { fetch, clock: () => 0 }, signal, async (image) => image);
    const first = ask(leave.signal);
    const second = ask(new AbortController().signal);
    while (requests.length === 0) await Promise.resolve();
    leave.abort();
    await expect(first).rejects.toMatchObject({ code: "canceled" });
    await expect(ask(leave.signal)).rejects.toMatchObject({ code: "canceled" });
    const ending = end();
    respond(Response.json({ id: "f1", urls: { get: "https://api.replicate.com/v1/files/f1" } }));
    expect(await second).toBe("https://api.replicate.com/v1/files/f1");
    await ending;
    expect(requests).toEqual(["POST /v1/files", "DELETE /v1/files/f1"]);
  });

  test("gives nothing when there is no picture", async () => {
    expect(await sourceOf(null)).toBeUndefined();
  });

  test("gives the link when there is one", async () => {
    expect(await sourceOf(pictureRefOf("https://namesight.test/p"))).toBe("https://namesight.test/p");
  });

  test("gives the data URL when it has 256 KiB at most, and uploads one that is longer", async () => {
    const head = "data:image/png;base64,";
    // Four characters of base64 are three bytes.
    const longest = head + "A".repeat(Math.floor((256 * 1024 - head.length) / 4) * 4);
    expect(await sourceOf(pictureRefOf(longest))).toBe(longest);
    await expect(sourceOf(pictureRefOf(`${longest}AAAA`))).rejects.toMatchObject({ code: "network" });
  });
});
