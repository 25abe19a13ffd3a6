import { expect, it } from "vitest";
import { withTypes } from "../../../../eval/scorers/label-sets.ts";
import { entity, post } from "../../../support/evaluated-posts.ts";

const file = { kind: "posts", posts: [post(entity("sports_team", 0, 1), entity("PER", 1, 2))], notes: [], missing: {} };
const typesOf = (name?: string) => withTypes(file, name).posts[0]?.entities.map(({ type }) => type);

it("reduces types to FMNERG's coarse ones or to those of Twitter-GMNER, and leaves them without a name", () => {
  expect(typesOf()).toEqual(["sports_team", "PER"]);
  expect(typesOf("coarse")).toEqual(["organization", "PER"]);
  expect(typesOf("gmner")).toEqual(["ORG", "PER"]);
  expect(() => typesOf("fine")).toThrow("--types is coarse or gmner, not fine");
});
