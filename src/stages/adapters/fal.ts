import type { StageName } from "../../../schemas/stages/index.ts";
import { runFal } from "../../providers/fal.ts";
import type { StageAdapter } from "../model.ts";
import { type HostedJsonFile, hostedJsonAdapter } from "./hosted-json.ts";

/** A model at fal, called by `fal/owner/name`, or behind an alias's address, which has no queue. */
export function falAdapter<Name extends StageName, Batch extends number>(
  file: HostedJsonFile<Name, Batch>,
): StageAdapter<Name> {
  return hostedJsonAdapter(
    {
      provider: "fal",
      picture: "link",
      send({ endpoint, queue = null, model, token }, input, runtime, { signal, deadline, later, resumable }) {
        const openCallback = (name?: string) => runtime.openCallback?.("fal", name) ?? null;
        const address = { endpoint, queue, token: token ?? "" };
        return runFal(address, model, input, runtime, { signal, deadline, later, resumable, openCallback });
      },
    },
    file,
  );
}
