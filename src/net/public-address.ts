/** Addresses that share their leading bits: shifted right by `shift` bits, each of them is `prefix`. */
interface Range {
  readonly prefix: bigint;
  readonly shift: bigint;
}

/**
 * IPv4 ranges that are not the public internet: IANA's special-purpose registry (RFC 6890), multicast (RFC 5771), class
 * E with the broadcast address, the retired 6to4 relays (RFC 7526), and 168.63.129.16, the host agent of Azure
 * (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
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
 * The only block that IANA allocates as global unicast (RFC 4291, section 2.4). Loopback, link-local, mapped, NAT64 and
 * multicast addresses lie outside it.
 */
const GLOBAL_IPV6 = readRange("2000::/3", parseIpv6, 128);

/** Special ranges inside that block: protocol assignments with Teredo, documentation (RFC 3849, RFC 9637), and 6to4. */
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  readRange(range, parseIpv6, 128),
);

/** Whether an IPv4 address is public. Takes the spelling of `URL.hostname`: four decimal numbers. */
export function isPublicIpv4(address: string): boolean {
  const bits = parseIpv4(address);
  return !SPECIAL_IPV4.some((range) => isWithin(bits, range));
}

/**
 * Whether an IPv6 address is public. Takes the spelling of `URL.hostname`, without its brackets. An address that
 * contains an IPv4 address (mapped, NAT64, 6to4, Teredo) is always refused: a public IPv4 address can be written as
 * such.
 */
export function isPublicIpv6(address: string): boolean {
  const bits = parseIpv6(address);
  return isWithin(bits, GLOBAL_IPV6) && !SPECIAL_IPV6.some((range) => isWithin(bits, range));
}

/**
 * The network that an address is counted under: an IPv4 address itself, and the first 64 bits of an IPv6 address,
 * because one line has them all.
 */
export function networkOf(address: string): string {
  const hostname = address.includes(":") ? URL.parse(`http://[${address}]`)?.hostname : undefined;
  return hostname ? `${(parseIpv6(hostname.slice(1, -1)) >> 64n).toString(16)}::/64` : address;
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

/** One number of `parts`, each of `bits` bits, the first one highest. */
function join(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((whole, part) => (whole << bits) | BigInt(part), 0n);
}
