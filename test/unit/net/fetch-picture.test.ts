import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { createPictureFetch } from "../../../src/net/fetch-picture.ts";

const ADDRESS = "https://example.com/cat.png?signature=s3cret";
const signal = new AbortController().signal;
const problemAt = (detail: RegExp, extra: object = {}) => ({
  code: "picture_not_fetched",
  message: expect.stringMatching(detail),
  more: { errors: [expect.objectContaining({ pointer: "/image", ...extra })] },
});

describe("createPictureFetch", () => {
  test("returns the bytes of the picture", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("bytes"));
    expect(new TextDecoder().decode(await fetchPicture(ADDRESS, signal))).toBe("bytes");
  });

  test("throws picture_not_fetched at /image, without the URL, when the host answers an error", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response(null, { status: 404 }));
    const failure = await fetchPicture(ADDRESS, signal).catch((error: unknown) => error);
    expect(failure).toMatchObject(
      problemAt(/^\/image answered HTTP 404\.$/, { value: `${ADDRESS.length} UTF-16 code units` }),
    );
    expect(JSON.stringify(failure)).not.toContain("s3cret");
  });

  test("states the limit when the picture is too large", async () => {
    const headers = { "content-length": String(LIMITS.uploadBytes + 1) };
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("x", { headers }));
    await expect(fetchPicture(ADDRESS, signal)).rejects.toMatchObject(
      problemAt(/more than/, { limit: LIMITS.uploadBytes }),
    );
  });

  test("requests a loopback address only when its origin is allowed", async () => {
    const local = "http://127.0.0.1:8787/a.png";
    const send = async () => new Response("bytes");
    await expect(createPictureFetch(new Set(), send)(local, signal)).rejects.toMatchObject(problemAt(/not https/));
    const allowed = createPictureFetch(new Set(["http://127.0.0.1:8787"]), send);
    expect((await allowed(local, signal)).length).toBe(5);
  });

  test("rejects with the signal's reason when the caller aborts", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("bytes"));
    await expect(fetchPicture(ADDRESS, AbortSignal.abort(new Error("hung up")))).rejects.toThrow("hung up");
  });
});
