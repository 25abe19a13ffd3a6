import { LIMITS } from "../../schemas/limits.ts";
import { GuardError } from "./guard-error.ts";
import { isPublicHost } from "./public-host.ts";
import { findToken } from "./token-url.ts";

/** Which URLs may be requested, and how a refusal is worded. */
export interface UrlRules {
  /** Origins that the operator's configuration allows besides the public internet, http too. Never from a request. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** What to do instead of sending a URL that carries a token, as the end of a sentence; none where absent. */
  readonly instead?: string;
}

/**
 * The URL in a text that came from a caller or from a model's reply. It must be https on port 443 of a public host,
 * without credentials or a bot's token. Throws a `GuardError` when it may not be requested.
 *
 * The length is checked before anything reads the text: a pattern over megabytes would overflow its stack.
 */
export function readUrl(text: string, rules: UrlRules): URL {
  refuseLong(text, "");
  if (!URL.canParse(text)) throw new GuardError("url_not_allowed", "cannot be read");
  const url = new URL(text);
  checkUrl(url, rules, "");
  return url;
}

/**
 * Throws a `GuardError` when the URL may not be requested. Tokens are checked first, because that message tells the
 * caller what to do.
 *
 * @param hop start of the message: empty for the caller's own URL
 */
export function checkUrl(url: URL, { allowedOrigins, instead }: UrlRules, hop: string): void {
  const token = findToken(url);
  if (token !== null) throw new GuardError("url_carries_token", `${hop}${token}${instead ? `; ${instead}` : ""}`);
  if (url.username !== "" || url.password !== "")
    throw new GuardError("url_not_allowed", `${hop}has a user name or password in it`);
  // Not `url.origin`: that of a blob: URL is the origin of the URL inside it.
  if (allowedOrigins.has(`${url.protocol}//${url.host}`)) return;
  const reason = whyNotPublic(url);
  if (reason) throw new GuardError("url_not_allowed", hop + reason.detail, reason.limit);
}

/** Throws a `GuardError` when a URL is longer than `LIMITS.addressLength`. */
export function refuseLong({ length }: string, hop: string): void {
  if (length <= LIMITS.addressLength) return;
  const detail = `${hop}has more than ${LIMITS.addressLength} characters`;
  throw new GuardError("url_too_long", detail, LIMITS.addressLength);
}

/** Why a URL is not https on the public internet; null when it is. */
function whyNotPublic(url: URL): (Pick<GuardError, "detail"> & { readonly limit?: string | number }) | null {
  if (url.protocol !== "https:") return { detail: "is not https", limit: "https" };
  // The parser leaves the default port empty.
  if (url.port !== "") return { detail: "names a port other than 443", limit: 443 };
  return isPublicHost(url.hostname) ? null : { detail: "does not name a public host" };
}
