import fc from "fast-check";

/** Pieces of posts that break what was written for plain words: scripts, emoji, marks, half pairs. */
export const piece = fc.constantFrom(
  ..."Houston,HOUSTON,New York,New York Times,Zürich,Zu\u0308rich,ﬁn,北京,서울에서,🚀,👩‍🚀,@NASA,#NASA,’s,-,_,\u00ad,\ud83d,İ,ß,SS, ,\n".split(
    ",",
  ),
);
/** Texts of such pieces and of any characters. */
export const anyText = fc
  .array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 12 })
  .map((parts) => parts.join(""));
