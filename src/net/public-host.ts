import { isPublicIpv4, isPublicIpv6 } from "./public-address.ts";

/**
 * Names that mean a machine or network nearby, each with everything under it: special use (RFC 6761, 6762, 7686, 8375,
 * 9476), `.internal` (ICANN, 2024), the names that private networks took for themselves, and a cloud's metadata
 * service.
 */
const NEARBY = [
  "alt",
  "arpa",
  "corp",
  "example",
  "home",
  "internal",
  "intranet",
  "invalid",
  "lan",
  "local",
  "localdomain",
  "localhost",
  "mail",
  "metadata.goog",
  "onion",
  "private",
  "svc",
  "test",
];

/**
 * Public names that are known to answer with whatever address is spelled in them, or with the loopback. A list: anybody
 * can make another such name, and what stops those is `global_fetch_strictly_public`.
 */
const ANSWERING_ANY_ADDRESS = [
  "1u.ms",
  "backname.io",
  "lacolhost.com",
  "local-ip.co",
  "local-ip.sh",
  "local.gd",
  "localho.st",
  "localhost.direct",
  "localtest.me",
  "lvh.me",
  "nip.io",
  "plex.direct",
  "rbndr.us",
  "rebind.network",
  "sslip.io",
  "traefik.me",
  "vcap.me",
  "xip.io",
  "xip.name",
];

const REFUSED: ReadonlySet<string> = new Set([...NEARBY, ...ANSWERING_ANY_ADDRESS]);

/**
 * Whether a host is on the public internet, as far as its spelling tells: a Worker cannot resolve names. Takes
 * `URL.hostname`, in which the URL parser has already undone octal, hexadecimal, short, whole-number, full-width and
 * percent-encoded spellings (WHATWG URL, §3.5).
 */
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return isPublicIpv6(hostname.slice(1, -1));
  if (/^\d+(\.\d+){3}$/.test(hostname)) return isPublicIpv4(hostname);
  return isPublicName(hostname);
}

/** A final dot leaves an empty label, which is refused: nobody links a picture so, and lists of names are dodged so. */
function isPublicName(hostname: string): boolean {
  const labels = hostname.split(".");
  if (labels.length < 2 || hostname.length > 253) return false;
  if (!labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) return false;
  // No top-level domain has a digit in it unless it is written in Punycode (RFC 3696, §2).
  if (!/^([a-z]{2,}|xn--[a-z0-9-]+)$/.test(labels.at(-1) ?? "")) return false;
  return !labels.some((_, index) => REFUSED.has(labels.slice(index).join(".")));
}
