import { isPublicIpv4, isPublicIpv6 } from "./public-address.ts";

/**
 * The networks that wildcard services are used for. A part of eight hexadecimal digits, or a number, is more often a
 * digest or an id than an address, so that other special ranges, an eighth of all addresses, do not count there.
 */
const PRIVATE_IPV4 = /^((10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\.|0\.0\.0\.0$)/;

/**
 * Whether a host's name spells an address that is not public, as names do that a wildcard service resolves to the
 * address in them: `127.0.0.1.a.com`, `app-10-0-0-1.a.com`, `7f000001.a.com`, `2130706433.a.com`, `fe80--1.a.com`. A
 * name that spells a public address is harmless.
 */
export function spellsPrivateAddress(hostname: string): boolean {
  const parts = hostname.split(/[._-]/);
  return (
    parts.some((_, index) => isPrivateIpv4(parts.slice(index, index + 4))) ||
    parts.some(isPrivateNumber) ||
    hostname.split(".").some(isPrivateIpv6)
  );
}

function isPrivateIpv4(parts: readonly string[]): boolean {
  if (parts.length < 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return false;
  return !isPublicIpv4(parts.map(Number).join("."));
}

/** Whether a part is a private IPv4 address as one number. */
function isPrivateNumber(part: string): boolean {
  const isHexadecimal = /^(0x)?[\da-f]{8}$/.test(part);
  if (!isHexadecimal && !/^\d{8,10}$/.test(part)) return false;
  const numbers = [...(isHexadecimal ? [Number.parseInt(part.replace(/^0x/, ""), 16)] : []), Number(part)];
  return numbers.some((number) => {
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
    return number < 2 ** 32 && PRIVATE_IPV4.test(bytes.join("."));
  });
}

/** Whether a label is an IPv6 address with hyphens in place of colons, and not a public one. */
function isPrivateIpv6(label: string): boolean {
  const address = label.replaceAll("-", ":");
  if (!/^[\da-f]{0,4}(:[\da-f]{0,4}){2,7}$/.test(address)) return false;
  const url = URL.parse(`https://[${address}]/`);
  return url !== null && !isPublicIpv6(url.hostname.slice(1, -1));
}
