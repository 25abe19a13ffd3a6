import type { Log } from "./log.ts";

/** The part of a Workers Analytics Engine dataset that is used. */
export interface MetricsDataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** The fields of an access log's line that become figures. */
interface RequestLine {
  readonly method?: unknown;
  readonly route?: unknown;
  readonly status?: unknown;
  readonly ms?: unknown;
  /** What the caller was charged. */
  readonly charge_usd?: string;
  readonly stages?: readonly StageLine[];
}

interface StageLine {
  readonly stage: string;
  readonly provider: string;
  readonly attempts: number;
  readonly cached: boolean;
  readonly ms: number;
  readonly cost_usd: string | null;
}

/**
 * Writes one data point for each request and one for each of its stage records (docs/deploy.md, "Metrics"). The index
 * is the route. Blobs: `request`, method, route, status; or `stage`, stage, provider, `cached` or `asked`. Doubles:
 * milliseconds; attempts; US dollars, what a request was charged and what a stage cost (0 where unknown); 1 where they
 * are known.
 */
export const createMetrics =
  (dataset: MetricsDataset): Log =>
  (line) => {
    if (line.event !== "request") return;
    const { method, route, status, ms, charge_usd, stages = [] } = line as RequestLine;
    const indexes = [String(route)];
    const write = (blobs: string[], doubles: number[]) => dataset.writeDataPoint({ indexes, blobs, doubles });
    write(
      ["request", String(method), String(route), String(status)],
      [Number(ms), 0, Number(charge_usd ?? 0), Number(charge_usd !== undefined)],
    );
    for (const { stage, provider, attempts, cached, ms: spent, cost_usd } of stages) {
      const blobs = ["stage", stage, provider, cached ? "cached" : "asked"];
      write(blobs, [spent, attempts, Number(cost_usd ?? 0), Number(cost_usd !== null)]);
    }
  };
