import type { Session } from "../edge/session.ts";
import type { Figure } from "../figures.ts";
import { benchBots } from "./bots.ts";
import { benchCpu } from "./cpu.ts";
import { benchFirst } from "./first.ts";
import { benchFloor } from "./floor.ts";
import { benchGateway } from "./gateway.ts";
import { benchJobs } from "./jobs.ts";
import { benchKeys } from "./keys.ts";
import { benchOrder } from "./order.ts";
import { benchRate } from "./rate.ts";
import { benchSize } from "./size.ts";
import { benchStartup } from "./startup.ts";

/** Measures something; `note` gets lines for people. */
export type EdgeRun = (session: Session, note: (line: string) => void) => Promise<Figure[]>;

/** The benchmarks of the Worker alone, by name, in the order of a whole run. */
export const EDGE_BENCHES = {
  floor: benchFloor,
  order: benchOrder,
  first: benchFirst,
  gateway: benchGateway,
  rate: benchRate,
  keys: benchKeys,
  jobs: benchJobs,
  bots: benchBots,
  cpu: benchCpu,
  startup: async () => benchStartup(),
  size: benchSize,
} satisfies Record<string, EdgeRun>;

export type EdgeBench = keyof typeof EDGE_BENCHES;
