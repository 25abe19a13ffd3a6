import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { network, refusal } from "../../support/guarded-network.ts";

describe("guardedFetch over a real connection", () => {
  /** A server on the loopback, whose origin is configured, and a guard that uses Node's own fetch. */
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

  test("checks redirects itself and sends the fixed headers", async () => {
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

  test("closes the socket when the caller aborts", async () => {
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

  test("throws when a body is shorter than its Content-Length", async () => {
    using host = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.socket?.destroy());
    });
    expect((await refusal(host.get())).code).toBe("url_unreachable");
  });

  test("counts the decompressed bytes of a gzip bomb", async () => {
    using host = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(new Uint8Array(1_000_000)));
    });
    expect((await refusal(host.get())).code).toBe("url_too_large");
  });
});
