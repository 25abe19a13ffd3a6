import { LIMITS } from "../../schemas/limits.ts";

/** What the header `Prefer` asks of the answer (RFC 7240). */
export interface Preference {
  /** Whether a job is to answer: `respond-async`, or `wait`. */
  readonly isAsync: boolean;
  /** For how long to wait for the job, in milliseconds. */
  readonly waitMs: number;
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
  return { isAsync: preferences.has("respond-async") || seconds !== null, waitMs: (seconds ?? 0) * 1000 };
}
