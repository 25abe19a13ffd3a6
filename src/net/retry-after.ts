/** Headers that hold a waiting time, in order of precedence, each with the milliseconds of its unit. */
const NUMBERS: ReadonlyArray<readonly [name: string, milliseconds: number]> = [
  ["retry-after-ms", 1],
  ["retry-after", 1000],
  ["x-ratelimit-reset-after", 1000],
  ["ratelimit-reset", 1000],
  ["x-ratelimit-reset-requests", 1000],
  ["x-ratelimit-reset", 1000],
];

/** From this number of seconds on, a value is a Unix time and not a duration. */
const UNIX_TIME_FROM = 1e9;

/** "6m0s", "1.5s", "250ms". */
const DURATION = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/** "resets in ~30s", "try again in 1.5 seconds", "Please retry after 20s", "try again in 6m0s". */
const PROSE = /\b(?:resets?|again|retry|available|wait)\b[^.\n\d]{0,20}((?:\d+(?:\.\d+)?\s?[a-z]+\s?)+)/i;

/** One part of a duration in words: "1.5 seconds". */
const PART = /(\d+(?:\.\d+)?)\s?(ms|milliseconds?|h|hours?|m|min(?:ute)?s?|s|sec(?:ond)?s?)(?![a-z])/gi;

/**
 * Milliseconds to wait before the next request, from a rate-limit header (a number, a duration or a date), else from
 * the error's text (docs/reference/hosted-models.md, "Errors and waiting"). Null where neither says; never negative.
 *
 * @param now Unix time in milliseconds
 */
export function retryAfterMs(headers: Headers, body: string, now: number): number | null {
  for (const [name, unit] of NUMBERS) {
    const value = headers.get(name)?.trim();
    const wait = value ? readHeader(value, unit, now) : null;
    if (wait !== null) return Math.max(0, Math.ceil(wait));
  }
  const parts = [...(PROSE.exec(body.slice(0, 2000))?.[1] ?? "").matchAll(PART)];
  return parts.length === 0
    ? null
    : Math.ceil(parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * lengthOf(unit), 0));
}

function lengthOf(unit: string): number {
  if (/^m(?:s|illi)/i.test(unit)) return 1;
  if (/^m/i.test(unit)) return 60_000;
  return /^h/i.test(unit) ? 3_600_000 : 1000;
}

function readHeader(value: string, unit: number, now: number): number | null {
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value);
    return number >= UNIX_TIME_FROM ? (number >= UNIX_TIME_FROM * 1000 ? number : number * 1000) - now : number * unit;
  }
  const [whole, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = DURATION.exec(value) ?? [];
  if (whole)
    return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(milliseconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : date - now;
}
