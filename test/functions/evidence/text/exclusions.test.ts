import { expect, test } from "vitest";
import { readCues, textSays } from "../../../../functions/evidence/text/cues.ts";

const excluded = (text: string, name = "Ana Ruiz") => textSays(name, text).excluded;

test.each([
  "Sunset over the bay. Photo by Ana Ruiz",
  "Berta at the beach (photo by @Ana Ruiz)",
  "Berta at the beach (Photo: Ana Ruiz)",
  "Berta smiles. Pic: Ana Ruiz",
  "Berta smiles. 📷 Ana Ruiz",
  "Berta smiles 📸: @AnaRuiz",
  "Berta, photo credit: Ana Ruiz",
  "credit: Ana Ruiz",
  "Photo cred : Ana Ruiz",
  "What a day! via Ana Ruiz",
  "Berta, shot by Ana Ruiz",
  "This photo was taken by Ana Ruiz",
  "Berta © Ana Ruiz",
  "Berta © 2019 Ana Ruiz",
  "Photo courtesy of Ana Ruiz",
  "📸 by my friend Ana Ruiz",
  "Photos by Berta and Ana Ruiz",
  "Photo by photographer Ana Ruiz for Vogue",
  "Berta wins (Ana Ruiz/Getty Images)",
  "📷: Ana Ruiz. Berta at the beach",
  "Photo credit goes to Ana Ruiz",
  "Thanks Ana Ruiz for the photo!",
  "Ana Ruiz took this picture",
  "Ana Ruiz shot this photo of Berta",
  "Portrait by Ana Ruiz",
  "Ana Ruiz is behind the camera",
  "Berta soars. Photo: Ana Ruiz, USA Today Sports",
  "Berta 📸 @AnaRuiz",
  "Berta rocks! Photo by: Ana Ruiz",
  "Berta rocks! Pic by - @AnaRuiz",
  "Photo credit to Ana Ruiz",
  "Berta rocks! PC: Ana Ruiz",
  "Berta rocks! credits @AnaRuiz",
  "Berta rocks h/t @AnaRuiz",
  "Berta rocks ht @AnaRuiz",
  "Thx @AnaRuiz for the pic of Berta",
])("%j gives credit", (text) => {
  expect(excluded(text)).toBe("credit");
});

test.each([
  "Ana Ruiz is not in this picture",
  "Ana Ruiz isn't in the photo",
  "Ana Ruiz isnt in this pic",
  "Ana Ruiz's not in our selfie",
  "Ana Ruiz, who was not in the shot",
  "Ana Ruiz not pictured",
  "Berta (Ana Ruiz not pictured)",
  "Berta and Ana Ruiz (not pictured)",
  "Not pictured: Ana Ruiz",
  "Not in the picture: Ana Ruiz",
  "Missing from this photo: Ana Ruiz",
  "Ana Ruiz is missing from the picture",
  "Wish Ana Ruiz were here",
  "I wish Ana Ruiz was here!",
  "wish Ana Ruiz could be with us",
  "Wish Ana Ruiz could have come",
  "If only Ana Ruiz were here",
  "Wish you were here, Ana Ruiz",
  "Wish you were here @AnaRuiz!",
  "Ana Ruiz, wish you were here",
  "Missing Ana Ruiz tonight",
  "A day at the beach without Ana Ruiz",
  "The gang minus Ana Ruiz",
  "Ana Ruiz couldn't make it",
  "So proud of Ana Ruiz! Sadly Ana Ruiz is not in this picture",
  "Wish Ana Ruiz were here #AnaRuiz",
  "Ana Ruiz is not here.",
  "Ana Ruiz isn't in this one",
  "Berta and Ana Ruiz (out of frame)",
  "No Ana Ruiz in this picture",
  "Berta and me w/o Ana Ruiz",
  "Wish u were here Ana Ruiz",
  "Ana Ruiz, wish u were here",
  "Not pictured is Ana Ruiz",
  "Not pictured - Ana Ruiz",
])("%j denies", (text) => {
  expect(excluded(text)).toBe("denied");
});

test.each([
  "Ana Ruiz",
  "Not without Ana Ruiz",
  "Can't live without Ana Ruiz",
  "Never without Ana Ruiz",
  "Can't believe this is not Ana Ruiz",
  "RIP Ana Ruiz",
  "Rest in peace, Ana Ruiz. We miss you",
  "I miss Ana Ruiz",
  "MISSING: Ana Ruiz, 34, last seen on Monday",
  "Missing Ana Ruiz, 34, last seen on Monday",
  "Ana Ruiz is not here to make friends",
  "Ana Ruiz is not in this for money",
  "Ana Ruiz is not the only one in this picture",
  "Ana Ruiz wishes you were here",
  "Wish Ana Ruiz a happy birthday",
  "Photo of Ana Ruiz by Berta",
  "📸 Ana Ruiz accepts the award",
  "Berta: photo: Ana Ruiz and Olivier celebrate",
  "PHOTO Ana Ruiz scores",
  "Ana Ruiz was shot by Berta",
  "Berta was shot by Ana Ruiz",
  "LOST IN THE SUN by Ana Ruiz",
  "Ana Ruiz at the beach. Photo by Ana Ruiz",
  "Berta is not in this picture with Ana Ruiz",
  "Ana Ruiz and Berta. Clara is not in this picture",
  "Berta, not pictured, and Ana Ruiz",
  "Berta is not in this picture, Ana Ruiz is",
  "Ana Ruiz took the lead in this race",
  "Thanks to Ana Ruiz for coming",
  "Nothing",
  "Left photo: Ana Ruiz. Right photo: Berta",
  "First pic: Berta. Second pic: Ana Ruiz",
  "Credit to Ana Ruiz, what a game",
  "Berta, not pictured - Ana Ruiz",
  "Berta w/ Ana Ruiz",
  "Missing Ana Ruiz so much, look at Ana Ruiz here",
])("%j excludes nobody", (text) => {
  expect(excluded(text)).toBeNull();
});

test("names joined by and share a credit or a denial", () => {
  const names = ["Ana", "Berta", "Clara"];
  const all = (text: string) => readCues(names, text).map((said) => said.excluded);
  expect(all("Clara. Photos by Ana & Berta")).toEqual(["credit", "credit", null]);
  expect(all("Clara. Not pictured: Ana and Berta")).toEqual(["denied", "denied", null]);
  expect(all("Ana and Berta are not in this picture, Clara is")).toEqual(["denied", "denied", null]);
  expect(all("Ana, Berta and Clara couldn't make it")).toEqual(["denied", "denied", "denied"]);
  expect(all("Wish Ana and Berta were here, Clara!")).toEqual(["denied", "denied", null]);
  expect(all("Clara, and Berta is not in this picture")).toEqual([null, "denied", null]);
  expect(all("Ana and Berta (not pictured) with Clara")).toEqual([null, "denied", null]);
});

test("hostile texts end", () => {
  const names = Array.from({ length: 100 }, (_, index) => `N${index}`);
  for (const piece of ["photo by N1 and ", "N1 is not in ", "without ", "wish ", "N1 N2 ", ". ", "dr. "]) {
    expect(readCues(names, piece.repeat(10_000 / piece.length))).toHaveLength(100);
  }
});
