import type { PaidOperation, Units } from "../../schemas/prices.ts";

/** A request's charge. */
export interface ChargeEntry {
  readonly requestId: string;
  readonly keyId: string;
  readonly operation: PaidOperation;
  readonly units: Units;
  readonly amount: number;
  readonly cost: number | null;
}
