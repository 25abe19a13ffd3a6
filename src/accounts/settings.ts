import { LIMITS } from "../../schemas/limits.ts";
import type { Database } from "../storage/database.ts";
import type { AccountSettings } from "./calls.ts";

/** What holds where the owner has chosen nothing. */
export const DEFAULT_SETTINGS: AccountSettings = { resultSeconds: LIMITS.resultSeconds };

export function readSettings(database: Database): AccountSettings {
  const [row] = database.all<{ result_seconds: number }>("SELECT result_seconds FROM settings");
  return row ? { resultSeconds: row.result_seconds } : DEFAULT_SETTINGS;
}

export function writeSettings(database: Database, { resultSeconds }: AccountSettings): void {
  database.run("INSERT OR REPLACE INTO settings (only_row, result_seconds) VALUES (1, ?)", resultSeconds);
}
