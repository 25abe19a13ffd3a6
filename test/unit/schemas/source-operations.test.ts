import { expect, test } from "vitest";
import { SOURCE_OPERATIONS } from "../../../schemas/source-operations.ts";

test("the examples of the operations on sources are valid, and show no secret of a sender", () => {
  for (const { id, request, answer } of SOURCE_OPERATIONS) {
    for (const example of Object.values(request?.examples ?? {})) {
      expect([id, request?.schema.safeParse(example).error?.issues]).toEqual([id, undefined]);
    }
    if (!answer) continue;
    expect([id, answer.schema.safeParse(answer.example).error?.issues]).toEqual([id, undefined]);
    expect(JSON.stringify(answer.example)).not.toContain("Mastodon-shows");
  }
});

test("only the hook is not the operator's", () => {
  const others = SOURCE_OPERATIONS.filter(({ access }) => access !== "operator");
  expect(others.map(({ id, access, accepted }) => [id, access, accepted])).toEqual([["ingest", "signed", true]]);
});
