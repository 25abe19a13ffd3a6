import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GuardError, type GuardErrorCode } from "../../../src/net/guard-error.ts";
import { type GuardOptions, guardedFetch } from "../../../src/net/guarded-fetch.ts";
import { ALLOWED, CARRYING_TOKENS, REFUSED } from "../../support/hosts.ts";

const PICTURE = "https://example.com/cat.png?signature=s3cret";

type Page = Response | ((init: RequestInit) => Response | Promise<Response>);

/** A network of so many pages. What was asked for is kept; a page that is not there cannot be reached. */
function network(pages: Record<string, Page> = {}, more: Partial<GuardOptions> = {}) {
  const asked: Array<{ url: string; init: RequestInit }> = [];
  const caller = new AbortController();
  const late = new AbortController();
  const timers: number[] = [];
  const timer = (milliseconds: number) => {
    timers.push(milliseconds);
    return late.signal;
  };
  const fetch = async (url: URL, init: RequestInit) => {
    asked.push({ url: url.href, init });
    const page = pages[url.href];
    if (!page) throw new TypeError(`getaddrinfo ENOTFOUND 10.1.2.3 ${url.href}`);
    return typeof page === "function" ? page(init) : page;
  };
  const get = (url: string = PICTURE) =>
    guardedFetch(url, { fetch, signal: caller.signal, maximumBytes: 1_000, timeoutMs: 5_000, timer, ...more });
  return { asked, caller, late, timers, get };
}

/** The error of a fetch that must fail, once nothing in it can have come from the URL. */
async function refusal(fetched: Promise<unknown>): Promise<GuardError> {
  const error = await fetched.then(
    () => new Error("was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GuardError)) throw error;
  expect(error.message).not.toMatch(/s3cret|\?|10\.1\.2\.3|:\/\//);
  expect(error.cause).toBeUndefined();
  return error;
}

const codeOf = async (url: string): Promise<GuardErrorCode> => (await refusal(network().get(url))).code;
const redirect = (location: string, status = 302) => new Response("moved", { status, headers: { location } });
/** A stream that counts what was pulled from it, and says when it was cancelled. */
function counted(chunk: Uint8Array, chunks: number) {
  const seen = { pulls: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        seen.pulls++;
        if (seen.pulls > chunks) return controller.close();
        controller.enqueue(new Uint8Array(chunk));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, body };
}
/** A stream that gives one chunk and then nothing, until it is cancelled. */
function stuck() {
  const seen = { cancelled: false };
  let started: () => void = () => undefined;
  const reading = new Promise<void>((resolve) => {
    started = resolve;
  });
  let pulls = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (pulls++ === 0) return controller.enqueue(new Uint8Array(1));
        started();
        return new Promise(() => undefined);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, body, reading };
}

describe("which URLs", () => {
  test("the table is as long as it says", () => {
    expect(Object.values(REFUSED).flat().length).toBeGreaterThanOrEqual(60);
    expect(ALLOWED.length).toBeGreaterThanOrEqual(15);
  });

  test.each(Object.entries(REFUSED))("%s is refused before anything is sent", async (_, urls) => {
    for (const url of urls) {
      const { asked, get } = network();
      expect([url, (await refusal(get(url))).code]).toEqual([url, "url_not_allowed"]);
      expect(asked).toEqual([]);
    }
  });

  test.each(ALLOWED)("%s is asked for", async (url) => {
    const { asked, get } = network();
    expect((await refusal(get(url))).code).toBe("url_unreachable");
    expect(asked).toHaveLength(1);
  });

  test.each(CARRYING_TOKENS)("%s carries a token, and the bytes are asked for instead", async (url) => {
    const { asked, get } = network();
    const error = await refusal(get(url));
    expect(error).toMatchObject({
      code: "url_carries_token",
      detail: expect.stringMatching(/; upload the bytes instead$/),
    });
    expect(asked).toEqual([]);
  });

  test("only configuration widens the guard, and only to that origin; a token stays a token", async () => {
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

describe("what is sent", () => {
  test("a GET with two headers of our own and nothing of the request", async () => {
    const { asked, timers, get } = network({
      [PICTURE]: new Response("bytes", { headers: { "content-type": "text/html" } }),
    });
    const { bytes, url } = await get();
    expect([String.fromCharCode(...bytes), url.href]).toEqual(["bytes", PICTURE]);
    const { signal, ...init } = asked[0]?.init ?? {};
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

describe("redirects", () => {
  const END = "https://cdn.example.org/cat.png";

  test.each([301, 302, 303, 307, 308])(
    "%i is followed, relative to where it stands, with the same headers",
    async (status) => {
      const pages = {
        [PICTURE]: redirect("/moved?a=1", status),
        "https://example.com/moved?a=1": redirect(`${END}#top`),
        [`${END}#top`]: new Response("x"),
      };
      const { asked, get } = network(pages);
      expect((await get()).url.pathname).toBe("/cat.png");
      expect(asked).toHaveLength(3);
      expect(new Set(asked.map(({ init }) => JSON.stringify(init.headers))).size).toBe(1);
    },
  );

  test("three are followed and a fourth is not", async () => {
    const pages = (hops: number) =>
      Object.fromEntries(
        Array.from({ length: hops + 1 }, (_, hop) => [
          `https://example.com/${hop}`,
          hop === hops ? new Response("x") : redirect(`https://example.com/${hop + 1}`),
        ]),
      );
    expect((await network(pages(3)).get("https://example.com/0")).url.pathname).toBe("/3");
    const { asked, get } = network(pages(4));
    expect((await refusal(get("https://example.com/0"))).code).toBe("url_redirects");
    expect(asked).toHaveLength(4);
  });

  test("a loop ends", async () => {
    const { asked, get } = network({ [PICTURE]: () => redirect(PICTURE) });
    expect((await refusal(get())).code).toBe("url_redirects");
    expect(asked).toHaveLength(4);
  });

  test.each([
    "https://169.254.169.254/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "http://example.com/",
    "//2130706433/",
    "https://a@example.com/",
  ])("one to %s is refused unsent", async (location) => {
    const { asked, get } = network({ [PICTURE]: redirect(location) });
    const error = await refusal(get());
    expect(error).toMatchObject({
      code: "url_not_allowed",
      detail: expect.stringMatching(/^redirects to a URL that /),
    });
    expect(asked).toHaveLength(1);
  });

  test("one from https to http is refused even where configuration allows that origin", async () => {
    const local = "http://127.0.0.1:8787/";
    const { get } = network(
      { [PICTURE]: redirect(local), [local]: new Response("x") },
      { allowedOrigins: new Set(["http://127.0.0.1:8787"]) },
    );
    expect((await refusal(get())).code).toBe("url_not_allowed");
  });

  test("one to a URL with a token is refused as such", async () => {
    const { get } = network({ [PICTURE]: redirect("https://files.slack.com/files-pri/T1-F1/cat.png") });
    expect((await refusal(get())).code).toBe("url_carries_token");
  });

  test.each([new Response(null, { status: 302 }), redirect("https://")])(
    "one that leads nowhere is an error (%#)",
    async (page) => {
      expect((await refusal(network({ [PICTURE]: page }).get())).code).toBe("url_redirects");
    },
  );

  test("the body of a redirect is given up unread", async () => {
    const { seen, body } = counted(new Uint8Array(10), 5);
    const { get } = network({
      [PICTURE]: new Response(body, { status: 302, headers: { location: END } }),
      [END]: new Response("x"),
    });
    await get();
    expect(seen).toEqual({ pulls: 0, cancelled: true });
  });
});

describe("caps", () => {
  test("as many bytes as the cap are given back whole, however they came", async () => {
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

  test("a length above the cap is refused before anything is read", async () => {
    const { seen, body } = counted(new Uint8Array(100), 50);
    const page = new Response(body, { headers: { "content-length": "1001" } });
    expect((await refusal(network({ [PICTURE]: page }).get())).code).toBe("url_too_large");
    expect(seen).toEqual({ pulls: 0, cancelled: true });
  });

  test.each([{}, { "content-length": "10" }])(
    "a body that grows past the cap is read no further (%o)",
    async (headers) => {
      const { seen, body } = counted(new Uint8Array(100), 50);
      expect((await refusal(network({ [PICTURE]: new Response(body, { headers }) }).get())).code).toBe("url_too_large");
      expect(seen).toEqual({ pulls: 11, cancelled: true });
    },
  );

  test("a slow drip ends with the time, and its connection is closed", async () => {
    const { seen, body, reading } = stuck();
    const { asked, late, get } = network({ [PICTURE]: new Response(body) });
    const refused = refusal(get());
    await reading;
    late.abort();
    expect(await refused).toMatchObject({ code: "url_too_slow", detail: "did not give all its bytes within 5000 ms" });
    expect(seen.cancelled).toBe(true);
    expect(asked[0]?.init.signal?.aborted).toBe(true);
  });

  test("headers that never come end with the time too, and time is one for all hops", async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const silent = (init: RequestInit) =>
      new Promise<Response>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        begin();
      });
    const { late, timers, get } = network({ [PICTURE]: redirect("/silent"), "https://example.com/silent": silent });
    const refused = refusal(get());
    await begun;
    late.abort();
    expect((await refused).code).toBe("url_too_slow");
    expect(timers).toHaveLength(1);
  });

  test("a caller who gives up closes the connection, and meets their own reason", async () => {
    const { seen, body, reading } = stuck();
    const { asked, caller, get } = network({ [PICTURE]: new Response(body) });
    const fetched = get();
    const refused = expect(fetched).rejects.toThrow("hung up");
    await reading;
    caller.abort(new Error("hung up"));
    await refused;
    expect(seen.cancelled).toBe(true);
    expect(asked[0]?.init.signal?.aborted).toBe(true);
  });

  test("an answer that comes after its time is closed, though it would never end", async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const { late, get } = network({
      [PICTURE]: () => {
        late.abort();
        return new Response(body);
      },
    });
    expect((await refusal(get())).code).toBe("url_too_slow");
    expect(cancelled).toBe(true);
  });

  test("a caller who gave up before sends nothing", async () => {
    const { asked, caller, get } = network({ [PICTURE]: new Response("x") });
    caller.abort(new Error("hung up"));
    await expect(get()).rejects.toThrow("hung up");
    expect(asked).toEqual([]);
  });
});

describe("answers that are none", () => {
  test.each([201, 204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])(
    "HTTP %i is an error that says so",
    async (status) => {
      const page = new Response([204, 304].includes(status) ? null : "an error page", { status });
      expect(await refusal(network({ [PICTURE]: page }).get())).toMatchObject({
        code: "url_status",
        detail: `answered HTTP ${status}`,
      });
    },
  );

  test("the body of an error is given up unread", async () => {
    const { seen, body } = counted(new Uint8Array(10), 5);
    await refusal(network({ [PICTURE]: new Response(body, { status: 404 }) }).get());
    expect(seen).toEqual({ pulls: 0, cancelled: true });
  });

  test.each([null, ""])("a 200 without a byte is an error (%o)", async (body) => {
    expect((await refusal(network({ [PICTURE]: new Response(body) }).get())).code).toBe("url_status");
  });

  test("a host that is not there, or breaks off, cannot be reached", async () => {
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

describe("over a real connection", () => {
  /** A server on the loopback, which configuration allows, and a guard that uses Node's own fetch. */
  async function serve(listener: Parameters<typeof createServer>[1]) {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { caller, get } = network({}, { allowedOrigins: new Set([origin]), fetch: (url, init) => fetch(url, init) });
    return {
      caller,
      get: () => get(`${origin}/cat.png`),
      [Symbol.dispose]: () => void server.close().closeAllConnections(),
    };
  }

  test("a redirect comes to the guard, and what is sent is what it says", async () => {
    const sent: unknown[] = [];
    using host = await serve((request, response) => {
      const { accept, cookie, referer, authorization } = request.headers;
      sent.push([request.method, request.url, accept, request.headers["user-agent"], cookie, referer, authorization]);
      if (request.url === "/cat.png") response.writeHead(302, { location: "/next", "set-cookie": "a=b; Path=/" }).end();
      else response.writeHead(302, { location: "https://10.0.0.1/" }).end();
    });
    expect((await refusal(host.get())).code).toBe("url_not_allowed");
    const headers = ["image/jpeg, image/png, image/webp, */*;q=0.5", "Namesight", undefined, undefined, undefined];
    expect(sent).toEqual([
      ["GET", "/cat.png", ...headers],
      ["GET", "/next", ...headers],
    ]);
  });

  test("giving up half-way closes the socket", async () => {
    let shut: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      shut = resolve;
    });
    using host = await serve((request, response) => {
      request.socket.once("close", shut);
      response.write("half", () => host.caller.abort(new Error("hung up")));
    });
    await expect(host.get()).rejects.toThrow("hung up");
    await closed;
  });

  test("a body cut short of its length is no picture", async () => {
    using host = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.socket?.destroy());
    });
    expect((await refusal(host.get())).code).toBe("url_unreachable");
  });

  test("a bomb is measured as it unpacks", async () => {
    using host = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(new Uint8Array(1_000_000)));
    });
    expect((await refusal(host.get())).code).toBe("url_too_large");
  });
});
