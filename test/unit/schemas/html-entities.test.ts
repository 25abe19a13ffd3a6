import { expect, test } from "vitest";
import { htmlCharacter } from "../../../schemas/html-entities.ts";

test.each([
  ["&amp;", "&"],
  ["&amp;amp;", "&"],
  ["&#39;", "'"],
  ["&#X27;", "'"],
  ["&Agrave;", "À"],
  ["&yuml;", "ÿ"],
  ["&szlig;", "ß"],
  ["&#128512;", "😀"],
])("%s is %s", (entity, character) => {
  expect(htmlCharacter(entity)).toBe(character);
});

test.each(["&unknown;", "&#0;", "&#xD800;", "&#1114112;", "&toString;"])("%s is no character", (entity) => {
  expect(htmlCharacter(entity)).toBeNull();
});
