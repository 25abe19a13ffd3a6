import type { StageName } from "../../../schemas/stages/index.ts";
import { postRoboflow } from "../../providers/roboflow.ts";
import type { StageAdapter } from "../model.ts";
import { type HostedJsonFile, hostedJsonAdapter } from "./hosted-json.ts";

/** A model of Roboflow's Inference, called by `roboflow/name`, or in a container by `roboflow:alias/name`. */
export function roboflowAdapter<Name extends StageName, Batch extends number>(
  path: string,
  file: HostedJsonFile<Name, Batch>,
): StageAdapter<Name> {
  return hostedJsonAdapter(
    {
      provider: "roboflow",
      picture: "link",
      send: (address, input, runtime, { signal }) => postRoboflow(address, path, input, runtime, signal),
    },
    file,
  );
}
