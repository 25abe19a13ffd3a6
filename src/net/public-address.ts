/** Addresses that share their leading bits; what is left after `shift` is `prefix`. */
interface Range {
  readonly prefix: bigint;
  readonly shift: bigint;
}

/**
 * IPv4 that is not the public internet: IANA's special-purpose registry (RFC 6890), multicast (RFC 5771), class E with
 * the broadcast address, the retired 6to4 relays (RFC 7526), and the host agent that Azure answers at a public address.
 */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map((range) => readRange(range, parseIpv4, 32));

/**
 * The one block that IANA gives out as global unicast. Loopback, local, mapped and NAT64 addresses and multicast all
 * lie outside it.
 */
const GLOBAL_IPV6 = readRange("2000::/3", parseIpv6, 128);

/**
 * What is special inside that block: protocol assignments with Teredo, documentation (RFC 3849, RFC 9637), and 6to4.
 */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  readRange(range, parseIpv6, 128),
);

/** Whether an IPv4 address is public, in the one spelling that `URL.hostname` has for it: four decimal numbers. */
export function isPublicIpv4(address: string): boolean {
  const bits = parseIpv4(address);
  return !SPECIAL_IPV4.some((range) => isWithin(bits, range));
}

/**
 * Whether an IPv6 address is public, as `URL.hostname` spells it, without its brackets. An address that wraps an IPv4
 * one (mapped, NAT64, 6to4, Teredo) is refused whatever it wraps: a public IPv4 address has a plain spelling.
 */
export function isPublicIpv6(address: string): boolean {
  const bits = parseIpv6(address);
  return isWithin(bits, GLOBAL_IPV6) && !SPECIAL_IPV6.some((range) => isWithin(bits, range));
}

function isWithin(bits: bigint, { prefix, shift }: Range): boolean {
  return bits >> shift === prefix;
}

function readRange(range: string, parse: (address: string) => bigint, width: number): Range {
  const [address = "", length] = range.split("/");
  const shift = BigInt(width - Number(length));
  return { prefix: parse(address) >> shift, shift };
}

function parseIpv4(address: string): bigint {
  return join(address.split(".").map(Number), 8n);
}

function parseIpv6(address: string): bigint {
  const [before, after] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const [head = [], tail = []] = [before, after];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return join(
    [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16)),
    16n,
  );
}

/** Numbers of so many bits each, set side by side. */
function join(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((whole, part) => (whole << bits) | BigInt(part), 0n);
}
