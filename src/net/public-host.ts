import { isPublicIpv4, isPublicIpv6 } from "./public-address.ts";

/**
 * Domains that are not on the public internet, with their subdomains: special-use names (RFC 6761, 6762, 7686, 8375,
 * 9476), `.internal` (ICANN, 2024), names in common use in private networks, and a cloud's metadata service.
 */
const PRIVATE_DOMAINS = [
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
 * Public domains that resolve to the address spelled in the name, or to the loopback. The list cannot be complete; the
 * compatibility flag `global_fetch_strictly_public` stops the others.
 */
const WILDCARD_DOMAINS = [
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

const REFUSED: ReadonlySet<string> = new Set([...PRIVATE_DOMAINS, ...WILDCARD_DOMAINS]);

/**
 * Whether a host is on the public internet, judged by its name alone: a Worker cannot resolve names. Takes
 * `URL.hostname`, in which the URL parser has already normalised octal, hexadecimal, short, whole-number, full-width
 * and percent-encoded spellings (WHATWG URL, section 3.5).
 */
export function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return isPublicIpv6(hostname.slice(1, -1));
  if (/^\d+(\.\d+){3}$/.test(hostname)) return isPublicIpv4(hostname);
  return isPublicName(hostname);
}

/** A name with a final dot has an empty last label and is refused: it would not match the list of refused domains. */
function isPublicName(hostname: string): boolean {
  const labels = hostname.split(".");
  if (labels.length < 2 || hostname.length > 253) return false;
  if (!labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) return false;
  // A top-level domain has no digits unless it is in Punycode (RFC 3696, section 2).
  if (!/^([a-z]{2,}|xn--[a-z0-9-]+)$/.test(labels.at(-1) ?? "")) return false;
  return !labels.some((_, index) => REFUSED.has(labels.slice(index).join(".")));
}
