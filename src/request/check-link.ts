import { ProblemError } from "../../schemas/problem.ts";
import type { LinkSigner } from "../storage/signed-link.ts";

/**
 * Throws a `ProblemError` unless the query was signed by this deployment for the path and has not expired.
 *
 * @param now Unix time in seconds
 */
export async function checkLink(links: LinkSigner, path: string, query: URLSearchParams, now: number): Promise<void> {
  const link = await links.check(path, query, now);
  if (link === "invalid") {
    const isSigned = query.has("signature");
    throw new ProblemError(
      "link_invalid",
      isSigned
        ? "The signature does not match this address."
        : "The address has no signature: use the link in an answer.",
    );
  }
  if (link === "valid") return;
  const until = new Date(Number(query.get("expires")) * 1000).toISOString();
  throw new ProblemError("link_expired", `The link worked until ${until}.`);
}
