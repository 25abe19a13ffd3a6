import { describe, expect, test } from "vitest";
import { leaveUnjudged } from "../../../../src/pipeline/picture/leave-unjudged.ts";
import type { Post } from "../../../../src/pipeline/post.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const entities = [{ id: "e1" }, { id: "e2" }];

describe("leaveUnjudged", () => {
  const shown = {} as Post["picture"];
  test.each([
    ["not_asked", { task: "mner", picture: shown }],
    ["no_image", { task: "smner", picture: null }],
    ["stage_failed", { task: "gmner", picture: shown }],
  ] as const)("gives the reason %s", async (reason, post) => {
    const events = await inRun(deploymentOf({}), async (run) => {
      leaveUnjudged(entities, post, run);
      return run.events;
    });
    expect(events).toMatchObject(
      entities.map(({ id }) => ({
        event: "visibility",
        entity_id: id,
        visibility: { visible: null, visibility: { reason } },
      })),
    );
  });
});
