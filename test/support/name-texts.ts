import fc from "fast-check";

/** Pieces of posts that are hard to read: other scripts, emoji, marks, unpaired surrogates. */
export const piece = fc.constantFrom(
  "Houston",
  "HOUSTON",
  "New York",
  "New York Times",
  "Zürich",
  "Zu\u0308rich",
  "ﬁn",
  "北京",
  "서울에서",
  "🚀",
  "👩‍🚀",
  "@NASA",
  "#NASA",
  "’s",
  "-",
  "_",
  "\u00ad",
  "\ud83d",
  "İ",
  "ß",
  "SS",
  " ",
  "\n",
);

/** Texts of such pieces and of any characters. */
export const anyText = fc
  .array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 12 })
  .map((parts) => parts.join(""));
