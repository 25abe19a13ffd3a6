import { LIMITS } from "../../schemas/limits.ts";

/** What the header `Prefer` asks of the answer (RFC 7240). */
export interface Preference {
  /** Whether a job is to answer: `respond-async`, or `wait`. */
  readonly isAsync: boolean;
  /** Whether `respond-async` was asked. */
  readonly respondAsync: boolean;
  /** For how long to wait for the job, in milliseconds; null where `wait` was not asked. */
  readonly waitMs: number | null;
}

/** Reads the header `Prefer`. What it does not understand is no error: a server may ignore every preference. */
export function readPreference(header: string | undefined): Preference {
  const preferences = new Map<string, string>();
  for (const part of (header ?? "").split(",")) {
    const [name = "", value = ""] = (part.split(";")[0] ?? "").split("=").map((text) => text.trim());
    // The first of a name counts.
    if (!preferences.has(name.toLowerCase())) preferences.set(name.toLowerCase(), value.replace(/^"(.*)"$/, "$1"));
  }
  const wait = preferences.get("wait") ?? "";
  const seconds = /^\d{1,6}$/.test(wait) ? Math.min(Number(wait), LIMITS.waitSeconds) : null;
  const respondAsync = preferences.has("respond-async");
  return { isAsync: respondAsync || seconds !== null, respondAsync, waitMs: seconds === null ? null : seconds * 1000 };
}

/**
 * The header `Preference-Applied` (RFC 7240, section 3): what the response does of what was asked; null for nothing. A
 * wait that is ignored asks for a job all the same.
 *
 * @param isLater whether the response is a job, and not yet its result
 * @param waitMs for how long the response could wait; null where `wait` was ignored
 */
export function appliedPreference(
  { isAsync, respondAsync }: Preference,
  { isLater, waitMs }: { readonly isLater: boolean; readonly waitMs: number | null },
): string | null {
  const applied = [
    ...((respondAsync || (isAsync && waitMs === null)) && isLater ? ["respond-async"] : []),
    ...(waitMs === null ? [] : [`wait=${waitMs / 1000}`]),
  ];
  return applied.length === 0 ? null : applied.join(", ");
}
