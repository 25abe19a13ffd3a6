import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { memoryLoads } from "../../../../bench/memory/loads.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A Worker whose answers are these in turn, and what it was sent. */
async function workerOf(answers: ReadonlyArray<[status: number, headers: Record<string, string>]>) {
  const received: Array<{ headers: IncomingHttpHeaders; bytes: number }> = [];
  server = createServer(async (request, response) => {
    let bytes = 0;
    for await (const part of request) bytes += (part as Buffer).length;
    const [status, headers] = answers[received.push({ headers: request.headers, bytes }) % answers.length] ?? [500, {}];
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const PICTURES = { upload: Buffer.alloc(2_000), inline: Buffer.alloc(1_000), drawn: Buffer.alloc(500) };
const named = (url: string, name: string) => {
  const files = [{ name: "PNG of nothing", file: Buffer.alloc(700), parts: 0 }];
  return memoryLoads(url, PICTURES, files).find((load) => load.name.startsWith(name));
};

describe("memoryLoads", () => {
  test("counts the statuses, of which a refusal that says when to come back is one", async () => {
    const { url } = await workerOf([
      [200, {}],
      [503, { "retry-after": "3" }],
    ]);
    expect(await named(url, "PNG of nothing")?.send()).toEqual({ 200: 1, 503: 1 });
    expect(await named(url, "largest inline")?.send()).toEqual({ 200: 6, 503: 6 });
  });

  test.each([500, 503])("throws for a %i that says nothing of the kind", async (status) => {
    const { url } = await workerOf([[status, {}]]);
    await expect(named(url, "largest uploads,")?.send()).rejects.toThrow(String(status));
  });

  test("sends a body without Content-Length, and asks for an overlay", async () => {
    const { url, received } = await workerOf([[200, {}]]);
    await named(url, "largest uploads without")?.send();
    for (const { headers, bytes } of received.splice(0)) {
      expect(headers).toMatchObject({ "transfer-encoding": "chunked" });
      expect(bytes).toBeGreaterThan(2_000);
    }
    await named(url, "overlays")?.send();
    expect(received[0]?.headers.accept).toBe("image/png");
  });
});
