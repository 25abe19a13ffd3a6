import { lookup as resolveName } from "node:dns";
import { createServer, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { type AddressInfo, isIPv6 } from "node:net";
import { isPublicIpv4, isPublicIpv6 } from "../../src/net/public-address.ts";

/** The way from the local Worker to the public internet. */
export interface Egress {
  /** Where the Worker sends its requests, with the URL in the header `x-url` (src/net/egress-fetch.ts). */
  readonly url: string;
  close(): void;
}

export interface EgressOptions {
  readonly resolve?: typeof resolveName;
  readonly request?: typeof requestHttps;
}

/**
 * Starts the way to the public internet for the local Worker. A Worker cannot resolve names, and the local runtime lets
 * it reach every network, so a name that resolves to a private address would lead into the user's own. Here the name is
 * resolved first, and the connection goes to the address that was checked. It listens on this machine alone, behind a
 * path that nobody can guess.
 */
export async function startEgress({
  resolve = resolveName,
  request = requestHttps,
}: EgressOptions = {}): Promise<Egress> {
  const path = `/${crypto.randomUUID()}`;
  const lookup = publicLookup(resolve);
  const server = createServer((incoming, outgoing) => {
    const target = URL.parse(String(incoming.headers["x-url"] ?? ""));
    if (incoming.url !== path || target?.protocol !== "https:") return void outgoing.writeHead(404).end();
    const options = { lookup, method: incoming.method, headers: outgoingHeaders(incoming.headers) } as RequestOptions;
    // An address in place of a name is not looked up: the Worker has checked it (src/net/public-host.ts).
    const sent = request(target, options, (answer) => {
      const { location, "content-length": length, "content-type": type, "retry-after": wait } = answer.headers;
      const headers = { location, "content-length": length, "content-type": type, "retry-after": wait };
      outgoing.writeHead(answer.statusCode ?? 502, present(headers));
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    // The Worker sees a host that cannot be reached.
    sent.on("error", () => outgoing.destroy());
    outgoing.on("close", () => sent.destroy());
    incoming.pipe(sent);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}${path}`, close };
}

/** The headers that go on: those of a GET for a picture, and those of a webhook. */
function outgoingHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { accept = "*/*", "user-agent": agent = "Namesight", "content-type": type, "content-length": length } = headers;
  const webhook = Object.entries(headers).filter(([name]) => name.startsWith("webhook-"));
  const content = { "content-type": type, "content-length": length };
  return { accept, "user-agent": agent, ...present({ ...content, ...Object.fromEntries(webhook) }) };
}

function present(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.filter((header): header is [string, string] => typeof header[1] === "string"));
}

type Found = Array<{ address: string; family: number }>;

/** Looks a name up as Node does, and fails when one of its addresses is not public. */
function publicLookup(resolve: typeof resolveName) {
  return (
    name: string,
    options: { all?: boolean },
    done: (error: Error | null, found?: unknown, family?: number) => void,
  ) =>
    resolve(name, { all: true }, (error, found: Found) => {
      if (error) return done(error);
      const [first] = found;
      if (!first || !found.every(({ address }) => isPublic(address))) return done(new Error("not a public address"));
      return options.all ? done(null, found) : done(null, first.address, first.family);
    });
}

function isPublic(address: string): boolean {
  if (!isIPv6(address)) return isPublicIpv4(address);
  const url = URL.parse(`http://[${address}]/`);
  return url !== null && isPublicIpv6(url.hostname.slice(1, -1));
}
