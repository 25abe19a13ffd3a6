import { describe, expect, test } from "vitest";
import { regionWords, titleOf, typeWord, unplacedEntities } from "../../../../src/image/overlay/words.ts";
import { entityOf, type RegionChoices, regionOf } from "../../../support/overlay-entity.ts";

const region = (choices: RegionChoices) => regionOf("r1", [0, 0, 9, 9], null, choices);

describe("typeWord", () => {
  test.each([
    ["PER", "person"],
    ["LOC", "place"],
    ["ORG", "organisation"],
    ["OTHER", "other"],
    ["politician", "politician"],
    ["toString", "toString"],
  ])("calls %s %s", (type, word) => {
    expect(typeWord(type)).toBe(word);
  });
});

describe("regionWords", () => {
  const found = { visible: true };

  test.each([
    [0.624, "62%"],
    [1, "100%"],
    [0.999, ">99%"],
    [0.001, "<1%"],
    [0, "0%"],
    [null, null],
  ])("writes the chance %j as %j", (score, chance) => {
    expect(regionWords(found, region({ link: { score } })).chance).toBe(chance);
  });

  test.each([
    ["guess", true],
    ["stated_position", false],
    ["only_candidate", false],
    ["printed_name", false],
    ["model", false],
  ] as const)("says of a link by %s that it is a guess: %j", (basis, isGuess) => {
    expect(regionWords(found, region({ link: { basis } })).isGuess).toBe(isGuess);
  });

  test("says that a name is printed, or that a box is no more than a candidate", () => {
    expect(regionWords(found, region({ evidence: "print" })).note).toBe("printed");
    expect(regionWords(found, region({ link: { basis: "printed_name" } })).note).toBe("printed");
    expect(regionWords(found, region({ evidence: "object", link: { basis: "printed_name" } })).note).toBeNull();
    expect(regionWords({ visible: null }, region({ evidence: "object" })).note).toBe("candidate");
    expect(regionWords(found, region({})).note).toBeNull();
  });
});

describe("unplacedEntities", () => {
  test("groups entities by what is known of them, with the reason where there is one", () => {
    const entities = [
      entityOf("e1", "Ada", "PER", true, [region({})]),
      entityOf("e2", "NASA", "ORG", true),
      entityOf("e3", "Berta", "PER", null),
      entityOf("e4", "Clara", "PER", null, [region({})], "stage_failed"),
      entityOf("e5", "Dora", "PER", null, [], "refused"),
      entityOf("e6", "Eva", "PER", null, [], "not_asked"),
      entityOf("e7", "Houston", "LOC", false),
    ];
    const groups = unplacedEntities(entities).map(({ heading, entities: listed }) => [
      heading,
      listed.map(({ entity, reason }) => [entity.text, reason]),
    ]);
    expect(groups).toEqual([
      ["Visible, not located", [["NASA", null]]],
      [
        "Cannot tell",
        [
          ["Berta", null],
          ["Clara", "a model failed"],
          ["Dora", "a model refused"],
          ["Eva", "not asked"],
        ],
      ],
      ["Not found", [["Houston", null]]],
    ]);
  });
});

describe("titleOf", () => {
  test("says of each entity what the drawing says", () => {
    const entities = [
      entityOf("e1", "Ada", "PER", true, [region({ link: { basis: "guess", score: 0.52 } })]),
      entityOf("e2", "NASA", "ORG", true, [region({ evidence: "print" })]),
      entityOf("e3", "Apollo", "OTHER", true),
      entityOf("e4", "Berta", "PER", null, [], "refused"),
      entityOf("e5", "Houston", "LOC", false),
    ];
    expect(titleOf(entities, true)).toBe(
      "Partial answer: some stages failed. In the picture: Ada (person, a guess, 52%), NASA (organisation, printed). " +
        "Visible, not located: Apollo (other). Cannot tell: Berta (person, a model refused). Not found: Houston (place)",
    );
  });

  test("says when nothing is marked", () => {
    expect(titleOf([], false)).toBe("Nothing named is marked in the picture");
  });
});
