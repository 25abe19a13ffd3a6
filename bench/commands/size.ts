import { bundleSize } from "../../scripts/bundle-size.ts";
import type { Session } from "../edge/session.ts";
import type { Figure } from "../figures.ts";

/** The size of the bundle as it would be uploaded. `scripts/check-bundle.ts` holds the limits. */
export async function benchSize({ bundles }: Session): Promise<Figure[]> {
  const { code, total } = bundleSize(bundles.product);
  return [
    { bench: "size", name: "code, gzip", value: code / 1024, unit: "KiB" },
    { bench: "size", name: "everything, gzip", value: total / 1024, unit: "KiB" },
  ];
}
