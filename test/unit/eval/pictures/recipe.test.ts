import { describe, expect, it } from "vitest";
import { Recipe } from "../../../../eval/pictures/recipe.ts";

const recipe = (layer: object) => Recipe.safeParse({ width: 9, height: 9, colour: "#d8d8d8", layers: [layer] }).success;

describe("Recipe", () => {
  it("takes photos, subjects and prints, with an id or without", () => {
    expect(recipe({ photo: "photos/china.jpg", x: -3, y: 0, width: 20 })).toBe(true);
    expect(recipe({ id: "man", subject: "camera", cut: true, flip: true, x: 0, y: 0, height: 5 })).toBe(true);
    expect(recipe({ id: "sign", print: "NORTHWIND", x: 0, y: 0, size: 4, colour: "#ffffff", rotate: -5 })).toBe(true);
  });

  it.each([
    ["has two sides, which could differ from the crop's shape", { photo: "a", x: 0, y: 0, width: 2, height: 2 }],
    ["has no side", { photo: "a", x: 0, y: 0 }],
    ["starts between two pixels", { photo: "a", x: 0.5, y: 0, width: 2 }],
    ["has a colour by name", { print: "a", x: 0, y: 0, size: 4, colour: "white" }],
    ["has no letters", { print: "", x: 0, y: 0, size: 4, colour: "#ffffff" }],
    ["has a field of another kind", { photo: "a", x: 0, y: 0, width: 2, colour: "#ffffff" }],
  ])("refuses a layer that %s", (_, layer) => {
    expect(recipe(layer)).toBe(false);
  });
});
