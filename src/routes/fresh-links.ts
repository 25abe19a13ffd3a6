import { LIMITS } from "../../schemas/limits.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

type Links = Pick<PaidDeployment, "links" | "clock">;

/** The fields of an answer that are signed links. */
const LINKS: ReadonlySet<string> = new Set(["mask_url", "overlay_url"]);

/** An answer whose links are signed anew, because it may be read long after it was made. */
export async function freshLinks<Answer extends object>(answer: Answer, deployment: Links): Promise<Answer> {
  const seconds = Math.floor(deployment.clock() / 1000) + LIMITS.maskLinkSeconds;
  const signed = async (address: string): Promise<string> => {
    const url = URL.parse(address);
    if (!url) return address;
    // What was signed is the path without that of the deployment's own address.
    const path = url.pathname.slice(url.pathname.lastIndexOf("/v1/"));
    url.search = await deployment.links.sign(path, seconds);
    return url.href;
  };
  const renew = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(renew));
    if (typeof value !== "object" || value === null) return value;
    const fields = Object.entries(value).map(async ([name, field]) => {
      return [name, LINKS.has(name) && typeof field === "string" ? await signed(field) : await renew(field)] as const;
    });
    return Object.fromEntries(await Promise.all(fields));
  };
  return (await renew(answer)) as Answer;
}
