import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { GuardErrorCode } from "../../../src/net/guard-error.ts";
import { countedStream, network, PICTURE, redirect, refusal, stalledStream } from "../../support/guarded-network.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const codeOf = async (url: string): Promise<GuardErrorCode> => (await refusal(network().get(url))).code;

describe("guardedFetch: URLs", () => {
  test("has at least 60 forms to refuse and 15 to accept", () => {
    expect(Object.values(REFUSED).flat().length).toBeGreaterThanOrEqual(60);
    expect(ALLOWED.length).toBeGreaterThanOrEqual(15);
  });

  test.each(Object.entries(REFUSED))("sends nothing when the URL is refused: %s", async (_, urls) => {
    for (const url of urls) {
      const { requests, get } = network();
      expect([url, (await refusal(get(url))).code]).toEqual([url, "url_not_allowed"]);
      expect(requests).toEqual([]);
    }
  });

  test("refuses a URL, and that of a redirect, that is too long, before it reads them", async () => {
    const read = vi.spyOn(URL, "canParse");
    const long = `https://example.com/${"a".repeat(LIMITS.addressLength)}`;
    expect((await refusal(network().get(long))).code).toBe("url_too_long");
    expect(read).not.toHaveBeenCalled();
    expect((await refusal(network({ [PICTURE]: redirect(long) }).get())).detail).toBe(
      "redirects to a URL that has more than 8192 characters",
    );
    const longest = long.slice(0, LIMITS.addressLength);
    expect((await refusal(network().get(longest))).code).toBe("url_unreachable");
    read.mockRestore();
  });

  test.each(ALLOWED)("requests %s", async (url) => {
    const { requests, get } = network();
    expect((await refusal(get(url))).code).toBe("url_unreachable");
    expect(requests).toHaveLength(1);
  });

  test.each(CARRYING_TOKENS)("refuses %s, which carries a token, and asks for the bytes", async (url) => {
    const { requests, get } = network();
    const error = await refusal(get(url));
    expect(error).toMatchObject({
      code: "url_carries_token",
      detail: expect.stringMatching(/; upload the bytes instead$/),
    });
    expect(requests).toEqual([]);
  });

  test("requests a configured origin and no other, but never with a token", async () => {
    const local = "http://127.0.0.1:8787/p/1";
    const allowedOrigins = new Set(["http://127.0.0.1:8787"]);
    const { get } = network({ [local]: new Response("bytes") }, { allowedOrigins });
    expect((await get(local)).url.href).toBe(local);
    for (const other of [
      "http://127.0.0.1:8788/",
      "https://127.0.0.1:8787/",
      "http://user@127.0.0.1:8787/",
      "blob:http://127.0.0.1:8787/1",
    ]) {
      expect((await refusal(get(other))).code).toBe("url_not_allowed");
    }
    expect((await refusal(get("http://127.0.0.1:8787/?access_token=s3cret"))).code).toBe("url_carries_token");
  });
});

describe("guardedFetch: the request", () => {
  test("is a GET with two fixed headers and nothing of the caller's request", async () => {
    const { requests, timers, get } = network({
      [PICTURE]: new Response("bytes", { headers: { "content-type": "text/html" } }),
    });
    const { bytes, url } = await get();
    expect([String.fromCharCode(...bytes), url.href]).toEqual(["bytes", PICTURE]);
    const { signal, ...init } = requests[0]?.init ?? {};
    expect(init).toEqual({
      method: "GET",
      redirect: "manual",
      cache: "no-store",
      headers: { accept: "image/jpeg, image/png, image/webp, */*;q=0.5", "user-agent": "Namesight" },
    });
    expect(signal?.aborted).toBe(false);
    expect(timers).toEqual([5_000]);
  });
});

describe("guardedFetch: redirects", () => {
  const END = "https://cdn.example.org/cat.png";

  test.each([301, 302, 303, 307, 308])("follows %i, relative to its URL, with the same headers", async (status) => {
    const pages = {
      [PICTURE]: redirect("/moved?a=1", status),
      "https://example.com/moved?a=1": redirect(`${END}#top`),
      [`${END}#top`]: new Response("x"),
    };
    const { requests, get } = network(pages);
    expect((await get()).url.pathname).toBe("/cat.png");
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ init }) => JSON.stringify(init.headers))).size).toBe(1);
  });

  test("follows three and refuses a fourth", async () => {
    const pages = (hops: number) =>
      Object.fromEntries(
        Array.from({ length: hops + 1 }, (_, hop) => [
          `https://example.com/${hop}`,
          hop === hops ? new Response("x") : redirect(`https://example.com/${hop + 1}`),
        ]),
      );
    expect((await network(pages(3)).get("https://example.com/0")).url.pathname).toBe("/3");
    const { requests, get } = network(pages(4));
    expect((await refusal(get("https://example.com/0"))).code).toBe("url_redirects");
    expect(requests).toHaveLength(4);
  });

  test("ends a loop", async () => {
    const { requests, get } = network({ [PICTURE]: () => redirect(PICTURE) });
    expect((await refusal(get())).code).toBe("url_redirects");
    expect(requests).toHaveLength(4);
  });

  test.each([
    "https://169.254.169.254/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "http://example.com/",
    "//2130706433/",
    "https://a@example.com/",
  ])("refuses %s without a request", async (location) => {
    const { requests, get } = network({ [PICTURE]: redirect(location) });
    const error = await refusal(get());
    expect(error).toMatchObject({
      code: "url_not_allowed",
      detail: expect.stringMatching(/^redirects to a URL that /),
    });
    expect(requests).toHaveLength(1);
  });

  test("refuses http after https even when the origin is configured", async () => {
    const local = "http://127.0.0.1:8787/";
    const { get } = network(
      { [PICTURE]: redirect(local), [local]: new Response("x") },
      { allowedOrigins: new Set(["http://127.0.0.1:8787"]) },
    );
    expect((await refusal(get())).code).toBe("url_not_allowed");
  });

  test("refuses a URL that carries a token", async () => {
    const { get } = network({ [PICTURE]: redirect("https://files.slack.com/files-pri/T1-F1/cat.png") });
    expect((await refusal(get())).code).toBe("url_carries_token");
  });

  test.each([new Response(null, { status: 302 }), redirect("https://")])(
    "throws when the location is missing or unreadable (%#)",
    async (page) => {
      expect((await refusal(network({ [PICTURE]: page }).get())).code).toBe("url_redirects");
    },
  );

  test("cancels the body of a redirect unread", async () => {
    const { record, body } = countedStream(new Uint8Array(10), 5);
    const { get } = network({
      [PICTURE]: new Response(body, { status: 302, headers: { location: END } }),
      [END]: new Response("x"),
    });
    await get();
    expect(record).toEqual({ pulls: 0, cancelled: true });
  });
});

describe("guardedFetch: limits", () => {
  test("returns a body of exactly the limit, in chunks of any size", async () => {
    const expected = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    const parts = [1, 65_535, 65_537, 150_000, 200_000].map((end, index, ends) =>
      expected.slice(ends[index - 1] ?? 0, end),
    );
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    const { bytes } = await network({ [PICTURE]: new Response(body) }, { maximumBytes: 200_000 }).get();
    expect(Buffer.compare(bytes, expected)).toBe(0);
    expect(bytes.buffer.byteLength).toBe(200_000);
  });

  test("reads nothing when Content-Length is above the limit", async () => {
    const { record, body } = countedStream(new Uint8Array(100), 50);
    const page = new Response(body, { headers: { "content-length": "1001" } });
    expect((await refusal(network({ [PICTURE]: page }).get())).code).toBe("url_too_large");
    expect(record).toEqual({ pulls: 0, cancelled: true });
  });

  test.each([{}, { "content-length": "10" }])(
    "stops reading when the body grows beyond the limit (%o)",
    async (headers) => {
      const { record, body } = countedStream(new Uint8Array(100), 50);
      expect((await refusal(network({ [PICTURE]: new Response(body, { headers }) }).get())).code).toBe("url_too_large");
      expect(record).toEqual({ pulls: 11, cancelled: true });
    },
  );

  test("closes the connection when a body takes too long", async () => {
    const { record, body, reading } = stalledStream();
    const { requests, timeout, get } = network({ [PICTURE]: new Response(body) });
    const refused = refusal(get());
    await reading;
    timeout.abort();
    expect(await refused).toMatchObject({ code: "url_too_slow", detail: "did not give all its bytes within 5000 ms" });
    expect(record.cancelled).toBe(true);
    expect(requests[0]?.init.signal?.aborted).toBe(true);
  });

  test("has one timeout for all redirects, response headers included", async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const silent = (init: RequestInit) =>
      new Promise<Response>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        begin();
      });
    const { timeout, timers, get } = network({ [PICTURE]: redirect("/silent"), "https://example.com/silent": silent });
    const refused = refusal(get());
    await begun;
    timeout.abort();
    expect((await refused).code).toBe("url_too_slow");
    expect(timers).toHaveLength(1);
  });

  test("closes the connection and rejects with the caller's reason when the caller aborts", async () => {
    const { record, body, reading } = stalledStream();
    const { requests, caller, get } = network({ [PICTURE]: new Response(body) });
    const fetched = get();
    const refused = expect(fetched).rejects.toThrow("hung up");
    await reading;
    caller.abort(new Error("hung up"));
    await refused;
    expect(record.cancelled).toBe(true);
    expect(requests[0]?.init.signal?.aborted).toBe(true);
  });

  test("closes a response that arrives after the timeout", async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const { timeout, get } = network({
      [PICTURE]: () => {
        timeout.abort();
        return new Response(body);
      },
    });
    expect((await refusal(get())).code).toBe("url_too_slow");
    expect(cancelled).toBe(true);
  });

  test("sends nothing when the caller has aborted before", async () => {
    const { requests, caller, get } = network({ [PICTURE]: new Response("x") });
    caller.abort(new Error("hung up"));
    await expect(get()).rejects.toThrow("hung up");
    expect(requests).toEqual([]);
  });
});

describe("guardedFetch: failed responses", () => {
  test.each([201, 204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])(
    "throws url_status for HTTP %i",
    async (status) => {
      const page = new Response([204, 304].includes(status) ? null : "an error page", { status });
      expect(await refusal(network({ [PICTURE]: page }).get())).toMatchObject({
        code: "url_status",
        detail: `answered HTTP ${status}`,
      });
    },
  );

  test("cancels the body of an error unread", async () => {
    const { record, body } = countedStream(new Uint8Array(10), 5);
    await refusal(network({ [PICTURE]: new Response(body, { status: 404 }) }).get());
    expect(record).toEqual({ pulls: 0, cancelled: true });
  });

  test.each([null, ""])("throws when a 200 has no bytes (%o)", async (body) => {
    expect((await refusal(network({ [PICTURE]: new Response(body) }).get())).code).toBe("url_status");
  });

  test("throws url_unreachable when the host is down or breaks off", async () => {
    expect(await codeOf(PICTURE)).toBe("url_unreachable");
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(new Error("connection reset by 10.1.2.3"));
      },
    });
    expect((await refusal(network({ [PICTURE]: new Response(body) }).get())).code).toBe("url_unreachable");
  });
});
