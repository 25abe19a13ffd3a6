import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { requireKey } from "../middleware/access.ts";
import { checkLink } from "../request/check-link.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

/** What opens files: links, and the keys of the account that owns them. */
export type FileDeployment = Pick<PaidDeployment, "access" | "links" | "clock" | "timer" | "log">;

/**
 * Lets a request read a file of an account: with a signed link, or with a key of that account, whatever became of the
 * link.
 *
 * @param path that was signed
 * @returns for how many seconds the caller may keep the file
 * @throws ProblemError when the link is invalid or expired, or the key opens nothing or is another account's
 */
export async function openFile(
  context: Context,
  deployment: FileDeployment,
  path: string,
  account: string,
): Promise<number> {
  const { access, links, clock } = deployment;
  const query = new URL(context.req.url).searchParams;
  const now = Math.floor(clock() / 1000);
  const isLinked = query.has("signature") && (await links.check(path, query, now)) === "valid";
  if (!isLinked && access.mode === "keys" && context.req.header("authorization") !== undefined) {
    const key = await requireKey(context, deployment, null);
    if (key.account === account) return LIMITS.maskLinkSeconds;
    throw new ProblemError("link_invalid", "The file belongs to another account: use the link in its answer.");
  }
  if (!isLinked) await checkLink(links, path, query, now);
  return Number(query.get("expires")) - now;
}
