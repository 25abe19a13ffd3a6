import fc from "fast-check";

/** Texts with astral characters, combining marks and lone surrogates. */
export const unicode = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("🚀", "é", "e\u0301", "\ud83d", "a", " "),
  ),
});
