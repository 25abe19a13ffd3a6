import { createServer, type IncomingMessage, request as requestHttp } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Egress, type EgressOptions, startEgress } from "../../../../scripts/stack/egress.ts";

/** A host of the internet: it speaks http in place of https, on the loopback. */
let port = 0;
const asked: string[] = [];
const host = createServer((request, response) => {
  asked.push(`${request.headers.host} ${request.url} ${request.headers.accept} ${request.headers.cookie}`);
  if (request.url === "/moved") response.writeHead(302, { location: "https://elsewhere.test/" }).end();
  else if (request.url === "/hook")
    void take(request).then(() => response.writeHead(429, { "retry-after": "7" }).end());
  else response.writeHead(200, { "content-type": "image/png", "set-cookie": "a=b" }).end("picture");
});
const posted: unknown[] = [];
async function take(request: IncomingMessage): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { "content-type": type, "content-length": length, "webhook-id": id, cookie, "x-url": url } = request.headers;
  posted.push([request.method, Buffer.concat(parts).toString(), type, length, id, cookie, url]);
}
beforeAll(async () => {
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  port = (host.address() as AddressInfo).port;
});
afterAll(() => host.close());

let egress: Egress | undefined;
afterEach(() => {
  egress?.close();
  asked.length = 0;
});

/** An egress for which every name has these addresses. A public one leads to the host above. */
async function egressWhereNamesAre(...addresses: string[]): Promise<Egress> {
  const resolve = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    )) as never;
  const request = ((url: URL, options: { lookup: CallableFunction }, answered: never) => {
    const lookup = (name: string, wanted: object, done: CallableFunction) =>
      options.lookup(name, wanted, (error: Error | null) =>
        error ? done(error) : done(null, [{ address: "127.0.0.1", family: 4 }]),
      );
    return requestHttp({ ...options, lookup: lookup as never, host: url.hostname, port, path: url.pathname }, answered);
  }) as unknown as NonNullable<EgressOptions["request"]>;
  egress = await startEgress({ resolve, request });
  return egress;
}
const get = (url: string, target: string) =>
  fetch(url, { headers: { "x-url": target, accept: "image/png", cookie: "c=d" }, redirect: "manual" });

test("passes a public host's answer on, without cookies", async () => {
  const { url } = await egressWhereNamesAre("93.184.216.34", "2606:2800:220:1::1");
  const response = await get(url, "https://photos.test/a.png");
  expect([response.status, response.headers.get("content-type"), response.headers.get("set-cookie")]).toEqual([
    200,
    "image/png",
    null,
  ]);
  expect(await response.text()).toBe("picture");
  expect(asked).toEqual([expect.stringMatching(/^photos\.test(:\d+)? \/a\.png image\/png undefined$/)]);
});

test("sends a webhook on with its body and its headers, and passes Retry-After back", async () => {
  const { url } = await egressWhereNamesAre("93.184.216.34");
  const target = { "x-url": "https://hooks.test/hook", cookie: "c=d" };
  const headers = { ...target, "content-type": "application/json", "webhook-id": "msg_1" };
  const response = await fetch(url, { method: "POST", headers, body: '{"é":1}' });
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(posted).toEqual([["POST", '{"é":1}', "application/json", "8", "msg_1", undefined, undefined]]);
});

test("does not follow a redirect: the Worker checks where it leads", async () => {
  const { url } = await egressWhereNamesAre("93.184.216.34");
  const response = await get(url, "https://photos.test/moved");
  expect([response.status, response.headers.get("location")]).toEqual([302, "https://elsewhere.test/"]);
});

test.each([
  ["10.0.0.1"],
  ["127.0.0.1"],
  ["169.254.169.254"],
  ["::1"],
  ["fd00::1"],
  ["::ffff:192.168.0.1"],
  ["93.184.216.34", "192.168.0.1"],
])("breaks off when a name has the address %s", async (...addresses) => {
  const { url } = await egressWhereNamesAre(...addresses);
  await expect(get(url, "https://rebind.test/a.png")).rejects.toThrow();
  expect(asked).toEqual([]);
});

test("answers nobody who does not know its path, and takes only https", async () => {
  const { url } = await egressWhereNamesAre("93.184.216.34");
  expect((await get(new URL("/other", url).href, "https://photos.test/a.png")).status).toBe(404);
  for (const target of ["http://photos.test/a.png", "file:///etc/passwd", "nonsense"])
    expect((await get(url, target)).status).toBe(404);
  expect(asked).toEqual([]);
});
