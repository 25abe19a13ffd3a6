import type { StageName } from "../../../schemas/stages/index.ts";
import { cancelFal, type FalAddress, runFal } from "../../providers/fal.ts";
import type { StageAdapter } from "../model.ts";
import { type HostedJsonFile, hostedJsonAdapter, type ReachedAddress } from "./hosted-json.ts";

/** A model at fal, called by `fal/owner/name`, or behind an alias's address, which has no queue. */
export function falAdapter<Name extends StageName, Batch extends number>(
  file: HostedJsonFile<Name, Batch>,
): StageAdapter<Name> {
  return hostedJsonAdapter(
    {
      provider: "fal",
      picture: "link",
      send(address, input, runtime, { signal, deadline, later, resumable }) {
        const openCallback = (name?: string) => runtime.openCallback?.("fal", name) ?? null;
        const options = { signal, deadline, later, resumable, openCallback };
        return runFal(falAddress(address), address.model, input, runtime, options);
      },
      cancel: (address, id, runtime) => cancelFal(falAddress(address), address.model, id, runtime),
    },
    file,
  );
}

function falAddress({ endpoint, queue, token }: ReachedAddress): FalAddress {
  return { endpoint, queue: queue ?? null, token: token ?? "" };
}
