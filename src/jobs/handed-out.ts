import type { PaidOperation, Units } from "../../schemas/prices.ts";
import { deliveredUnits } from "../../schemas/units.ts";
import type { RunEvent } from "../pipeline/events.ts";
import { entitiesOf, foldEvents } from "../pipeline/fold.ts";
import type { Database } from "../storage/database.ts";
import { readOutlines } from "./checkpoints.ts";

/**
 * How a finding was handed out before the job ended: `read` whole from its events, or `shown` in its progress, which
 * tells names and visibilities.
 */
export type HandedOut = "read" | "shown";

/** What progress tells of: names, and whether the picture shows them. */
const SHOWN: ReadonlySet<RunEvent["event"]> = new Set(["mention", "visibility"]);

/** Notes that the findings up to a number were handed out. */
export function noteHandedOut(database: Database, way: HandedOut, number: number): void {
  if (number <= highest(database, way)) return;
  database.run("INSERT OR REPLACE INTO handed_out (way, number) VALUES (?, ?)", way, number);
}

/**
 * The units of the findings that were handed out, as the stream of a request counts those of a reader who leaves. Null
 * where there was none, but for problems.
 */
export function handedOutUnits(database: Database, operation: PaidOperation): Units | null {
  const [read, shown] = [highest(database, "read"), highest(database, "shown")];
  if (Math.max(read, shown) === 0) return null;
  const events = readOutlines(database)
    .filter(({ number, event }) => number <= read || (number <= shown && SHOWN.has(event.event)))
    .map(({ event }) => event);
  if (events.every(({ event }) => event === "problem")) return null;
  const findings = foldEvents(events);
  // Each operation counts the field that its answer has.
  return deliveredUnits(operation, {
    entities: entitiesOf(findings),
    expressions: [...findings.expressions.values()],
    judgements: [...findings.visibilities.values()],
    groundings: [...findings.regions.values()].map((regions) => ({ regions })),
    masks: [...findings.masks.values()],
  });
}

/** Notes the number of the last finding, before the findings are deleted. Doing it again changes nothing. */
export function noteLast(database: Database): void {
  database.run("INSERT OR IGNORE INTO handed_out (way, number) SELECT 'last', coalesce(max(number), 0) FROM events");
}

/** The number of the last finding, also once the findings were deleted; 0 without one. */
export function lastNumber(database: Database): number {
  const noted = "SELECT number FROM handed_out WHERE way = 'last'";
  const statement = `SELECT coalesce((${noted}), (SELECT max(number) FROM events), 0) AS number`;
  return database.all<{ number: number }>(statement)[0]?.number ?? 0;
}

function highest(database: Database, way: HandedOut): number {
  return database.all<{ number: number }>("SELECT number FROM handed_out WHERE way = ?", way)[0]?.number ?? 0;
}
