import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";

const page = readFileSync("docs/privacy.md", "utf8");
const deploy = readFileSync("docs/deploy.md", "utf8");
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** The cells of the table's row that begins so. */
function row(start: string): string[] {
  const line = page.split("\n").find((candidate) => candidate.startsWith(`| ${start}`));
  if (line === undefined) throw new Error(`docs/privacy.md has no row ${start}`);
  return line.split("|").map((cell) => cell.trim());
}

const days = (seconds: number) => `${seconds / DAY_SECONDS} days`;
const hours = (seconds: number) => `${seconds / HOUR_SECONDS} hours`;

test("docs/privacy.md has the times that the code has", () => {
  const attempt = /KEPT_MS = (\d+) \* 60 \* 1000;/.exec(readFileSync("src/webhooks/attempt.ts", "utf8"))?.[1];
  const tryMs = /TRY_MS = (\d+) \* 60 \* 60 \* 1000;/.exec(readFileSync("src/bots/chat-state.ts", "utf8"))?.[1];
  const seenMs = /SEEN_MS = (\d+) \* 60 \* 60 \* 1000;/.exec(readFileSync("src/bots/waiting.ts", "utf8"))?.[1];
  const [period] = /(?<=period = )\d+/.exec(readFileSync("wrangler.toml", "utf8")) ?? [];
  const times: ReadonlyArray<readonly [row: string, cell: number, time: string]> = [
    ["masks as PNG", 4, hours(LIMITS.maskLinkSeconds)],
    ["the picture and the answer for an overlay", 4, hours(LIMITS.maskLinkSeconds)],
    ["answers to requests", 3, hours(LIMITS.idempotencySeconds)],
    ["referring expressions", 3, days(LIMITS.expansionCacheSeconds)],
    ["how a prediction ended", 3, `${attempt} minutes`],
    ["the ledger", 2, days(LIMITS.ledgerSeconds)],
    ["`Idempotency-Key`", 2, hours(LIMITS.idempotencySeconds)],
    ["what a request left", 2, days(LIMITS.requestRecordSeconds)],
    ["the request's fields", 2, days(LIMITS.resultSeconds)],
    ["messages of webhooks", 2, days(LIMITS.webhookTrySeconds)],
    ["messages that are not answered", 2, `${tryMs} hours`],
    ["the platform's numbers", 2, `${seenMs} hours`],
    ["state, times", 2, days(LIMITS.jobRecordSeconds)],
    ["deliveries to webhook endpoints", 2, days(LIMITS.deliveryRecordSeconds)],
  ];
  for (const [start, cell, time] of times) expect(row(start)[cell], start).toContain(time);
  const words = page.replace(/\s+/g, " ");
  expect(words).toContain(`within ${days(LIMITS.requestRecordSeconds)}: masks`);
  expect(words).toContain(`for ${period} seconds`);
  // A time that none of these is would be one that nobody compares.
  const known = new Set([
    ...times.map(([, , time]) => time),
    `${period} seconds`,
    "1 day",
    "2 days",
    "30 days",
    "32 days",
  ]);
  const named = [...words.matchAll(/\d+ (?:second|minute|hour|day|week|month)s?/g)].map(([time]) => time);
  expect(named.filter((time) => !known.has(time))).toEqual([]);
});

test("docs/privacy.md has the days of the lifecycle rules in docs/deploy.md", () => {
  const rules = [...deploy.matchAll(/lifecycle add \S+ \S+ (\S+) --expire-days (\d+)/g)];
  expect(rules.map(([, prefix]) => prefix).toSorted()).toEqual(["answers/", "jobs/", "overlays/", "pictures/"]);
  for (const [, prefix, count] of rules) {
    const line = page.split("\n").find((candidate) => candidate.includes(`R2 \`${prefix}`));
    expect(line).toContain(`${count} day${count === "1" ? "" : "s"} (lifecycle rule)`);
  }
});

test("docs/privacy.md names every prefix under which src/storage keeps objects in R2", () => {
  const sources = globSync("src/storage/*.ts").map((file) => readFileSync(file, "utf8"));
  const prefixes = sources.flatMap((text) =>
    [...text.matchAll(/["`]([a-z]+\/)(?=\$\{|["`]|\w+\.jsonl)/g)].map(([, prefix]) => prefix),
  );
  const found = new Set(prefixes);
  // The name of an entry of KV in the list of what a request left.
  expect(found.delete("kv/")).toBe(true);
  expect(found.size).toBeGreaterThanOrEqual(5);
  for (const prefix of found) expect(page).toContain(`R2 \`${prefix}`);
});
