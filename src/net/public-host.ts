import { isPublicIpv4, isPublicIpv6 } from "./public-address.ts";
import { spellsPrivateAddress } from "./spelled-address.ts";

const words = (list: string) => list.trim().split(/\s+/);

/**
 * Top-level domains that are not on the public internet: special-use names (RFC 6761, 6762, 7686, 8375, 9476),
 * `.internal` (ICANN, 2024), and names in common use in private networks.
 */
const PRIVATE_DOMAINS = words(`
  alt arpa belkin consul corp cpe dlink domain example gateway home internal intranet invalid ip lan local localdomain
  localhost mail onion private router svc test workgroup
`);

/** Metadata services of clouds, which answer on link-local addresses. */
const METADATA_DOMAINS = words(`
  api.metadata.cloud.ibm.com metadata.goog metadata.packet.net metadata.platformequinix.com metadata.tencentyun.com
`);

/**
 * Public domains that routers answer themselves, with a private address, or that hold the addresses of a private
 * network.
 */
const ROUTER_DOMAINS = words(`
  2wire.net ap.meraki.com asusrouter.com attlocal.net congstar.box dlinkrouter.com fritz.box hi.link
  huaweimobilewifi.com instant.arubanetworks.com linksyssmartsetup.com mabbox.bytel.fr mafreebox.freebox.fr miwifi.com
  my.meraki.com myfritz.net myrouter.info mywifiext.com mywifiext.net o2.box orbilogin.com orbilogin.net
  repeater.asus.com router.asus.com routerlogin.com routerlogin.net setup.meraki.com setup.ui.com speedport.box
  tailscale.net tendawifi.com tplinkap.net tplinkextender.net tplinklogin.net tplinkmodem.net tplinkrepeater.net
  tplinkwifi.net ts.net vodafone.box wired.meraki.com
`);

/**
 * Public domains that resolve to the address spelled in the name, or to the loopback. The list cannot be complete; the
 * compatibility flag `global_fetch_strictly_public` stops the others.
 */
const WILDCARD_DOMAINS = words(`
  1u.ms backname.io ddev.site fuf.me ip6.name lacolhost.com lcl.host lndo.site local-ip.co local-ip.sh local.gd
  localho.st localhost.direct localtest.me lvh.me nip.io plex.direct rbndr.us rebind.it rebind.network
  spoofed.burpcollaborator.net sslip.io traefik.me vcap.me xip.io xip.name
`);

const REFUSED: ReadonlySet<string> = new Set([
  ...PRIVATE_DOMAINS,
  ...METADATA_DOMAINS,
  ...ROUTER_DOMAINS,
  ...WILDCARD_DOMAINS,
]);

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
  if (hostname.length > 253) return false;
  const labels = hostname.split(".");
  if (labels.length < 2) return false;
  if (!labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) return false;
  // A top-level domain has no digits unless it is in Punycode (RFC 3696, section 2).
  if (!/^([a-z]{2,}|xn--[a-z0-9-]+)$/.test(labels.at(-1) ?? "")) return false;
  if (labels.some((_, index) => REFUSED.has(labels.slice(index).join(".")))) return false;
  return !spellsPrivateAddress(hostname);
}
