import type { VisibilityReason } from "../../../schemas/recognize.ts";
import { notJudged } from "../fold.ts";
import type { Post } from "../post.ts";
import type { Run } from "../run.ts";

/** Says of entities that no model will seek why they are not judged. */
export function leaveUnjudged(
  entities: readonly { readonly id: string }[],
  { task, picture }: Pick<Post, "task" | "picture">,
  run: Run,
): void {
  const reason = reasonWithout(task, picture !== null);
  for (const { id } of entities) run.emit({ event: "visibility", entity_id: id, visibility: notJudged(reason) });
}

/** Why no entity's visibility is judged when models have no picture. */
function reasonWithout(task: Post["task"], hasPicture: boolean): VisibilityReason {
  if (task === "mner") return "not_asked";
  return hasPicture ? "stage_failed" : "no_image";
}
