import { describe, expect, it } from "vitest";
import { headClass } from "../../../../functions/evidence/head-noun.ts";

describe("headClass", () => {
  it.each([
    ["Chelsea, the cat", "Chelsea", "cat"],
    ["Chelsea the cat", "Chelsea", "cat"],
    ["my cat Chelsea", "Chelsea", "cat"],
    ["a cat called Chelsea", "Chelsea", "cat"],
    ["the orange cat on the sofa", "Chelsea", "cat"],
    ["two kittens", undefined, "cat"],
    ["a person", undefined, "person"],
    ["a person named Eileen Collins", "Eileen Collins", "person"],
    ["a woman in an orange space suit", "Eileen Collins", "person"],
    ["people", undefined, "person"],
    ["a small red traffic light at the corner", undefined, "traffic light"],
    ["Betsy, a wine glass", "Betsy", "wine glass"],
    ["three buses", undefined, "bus"],
    ["Puppies", undefined, "dog"],
  ])("takes the class from %s (%s): %s", (expression, name, expected) => {
    expect(headClass(expression, name)).toBe(expected);
  });

  it.each([
    ["Game of Thrones", "Game of Thrones"],
    ["Hot Dog", "Hot Dog"],
    ["the logo or name of FC Barcelona", "FC Barcelona"],
    ["a club with a ball", "FC Barcelona"],
    ["Chelsea, a club whose mascot is a cat", "Chelsea"],
    ["the London bus", "London"],
    ["Anna, the cat lover", "Anna"],
    ["a cat food", undefined],
    ["a place called Orange", "Orange"],
    ["Golden Gate Bridge, a suspension bridge across the Golden Gate", "Golden Gate Bridge"],
    ["", undefined],
    ["…", "Anna"],
  ])("returns null when the head noun is no class: %s (%s)", (expression, name) => {
    expect(headClass(expression, name)).toBeNull();
  });
});
