import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { createPictureFetch } from "../../../src/net/fetch-picture.ts";

const ADDRESS = "https://example.com/cat.png?signature=s3cret";
const signal = new AbortController().signal;

/** The problem that a fetch ends with, and all its fields as JSON. */
async function problemOf(fetching: Promise<unknown>) {
  const error = await fetching.then(
    () => new Error("was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw error;
  return { code: error.code, message: error.message, json: JSON.stringify(error) };
}

describe("createPictureFetch", () => {
  test("returns the bytes of the picture", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("bytes"));
    expect(new TextDecoder().decode(await fetchPicture(ADDRESS, signal))).toBe("bytes");
  });

  test("throws picture_not_fetched at /image, without the URL, when the host answers an error", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response(null, { status: 404 }));
    const { code, message, json } = await problemOf(fetchPicture(ADDRESS, signal));
    expect([code, message]).toEqual(["picture_not_fetched", "/image answered HTTP 404."]);
    expect(json).toContain('"pointer":"/image"');
    expect(json).toContain(`"value":"${ADDRESS.length} UTF-16 code units"`);
    expect(json).not.toContain("s3cret");
  });

  test("states the limit when the picture is too large", async () => {
    const headers = { "content-length": String(LIMITS.uploadBytes + 1) };
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("x", { headers }));
    const { message, json } = await problemOf(fetchPicture(ADDRESS, signal));
    expect(message).toBe(`/image has more than ${LIMITS.uploadBytes} bytes.`);
    expect(json).toContain(`"limit":${LIMITS.uploadBytes}`);
  });

  test("states the limit when the address is too long", async () => {
    const address = `https://example.com/${"a".repeat(LIMITS.addressLength)}`;
    const { code, message, json } = await problemOf(createPictureFetch()(address, signal));
    expect([code, message]).toEqual(["picture_not_fetched", "/image has more than 8192 characters."]);
    expect(json).toContain(`"limit":8192,"value":"${address.length} UTF-16 code units"`);
  });

  test("requests a loopback address only when its origin is allowed", async () => {
    const local = "http://127.0.0.1:8787/a.png";
    const send = async () => new Response("bytes");
    const refused = await problemOf(createPictureFetch(new Set(), send)(local, signal));
    expect(refused.message).toBe("/image is not https.");
    const allowed = createPictureFetch(new Set(["http://127.0.0.1:8787"]), send);
    expect((await allowed(local, signal)).length).toBe(5);
  });

  test("rejects with the signal's reason when the caller aborts", async () => {
    const fetchPicture = createPictureFetch(new Set(), async () => new Response("bytes"));
    await expect(fetchPicture(ADDRESS, AbortSignal.abort(new Error("hung up")))).rejects.toThrow("hung up");
  });
});
