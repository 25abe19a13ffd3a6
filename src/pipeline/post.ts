import type { RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Picture } from "./picture/read-picture.ts";
import type { Positions } from "./text/positions.ts";

/** A post whose request is in order: offsets are positions in `text`, the picture's header is read. */
export interface Post
  extends Pick<
    RecognizeRequest,
    "task" | "labels" | "mode" | "masks" | "thresholds" | "max_entities" | "offset_encoding"
  > {
  readonly id: string;
  readonly text: string;
  readonly tokens: readonly string[] | null;
  /** The caller's own mentions; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  readonly picture: Picture | null;
  readonly positions: Positions;
}
