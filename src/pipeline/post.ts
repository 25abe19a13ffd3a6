import type { RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Picture } from "./picture/read-picture.ts";
import type { Positions } from "./text/positions.ts";

/** A post after its request was checked: offsets lie inside `text`, and the picture's header was read. */
export interface Post
  extends Pick<
    RecognizeRequest,
    "task" | "labels" | "mode" | "masks" | "thresholds" | "max_entities" | "offset_encoding"
  > {
  readonly text: string;
  readonly tokens: readonly string[] | null;
  /** The caller's own mentions; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  readonly picture: Picture | null;
  readonly positions: Positions;
}
