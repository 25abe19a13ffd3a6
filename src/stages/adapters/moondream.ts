import type { StageName } from "../../../schemas/stages/index.ts";
import { askMoondream } from "../../providers/moondream.ts";
import type { StageAdapter } from "../model.ts";
import { type HostedJsonFile, hostedJsonAdapter } from "./hosted-json.ts";

/**
 * A skill of Moondream's, called by `moondream/skill`, or at a Moondream Station by `moondream:alias/skill`. Its
 * documents show pictures as data URLs alone.
 */
export function moondreamAdapter<Name extends StageName, Batch extends number>(
  file: HostedJsonFile<Name, Batch>,
): StageAdapter<Name> {
  return hostedJsonAdapter(
    {
      provider: "moondream",
      picture: "data",
      send: (address, input, runtime, { signal }) => askMoondream(address, address.model, input, runtime, signal),
    },
    file,
  );
}
