import { cutText } from "../../schemas/cut-text.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { postRefusal } from "../net/guarded-post.ts";
import { ECHO_LENGTH } from "./field-problem.ts";

/**
 * What is wrong with an address of a caller to which something is to be posted; nothing where it may be used. The value
 * is the address without its user, path and query, in which a secret may stand.
 */
export function addressErrors(pointer: string, address: string, allowedOrigins: ReadonlySet<string>): FieldError[] {
  const refused = postRefusal(address, allowedOrigins);
  if (!refused) return [];
  const { detail, limit } = refused;
  return [{ pointer, detail, ...(limit !== undefined && { limit }), value: shownOf(address) }];
}

function shownOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url?.host) return `${address.length} UTF-16 code units`;
  return cutText(`${url.protocol}//${url.host}`, ECHO_LENGTH);
}
