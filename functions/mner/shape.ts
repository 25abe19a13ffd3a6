/** How a word is written: the indices of the model's third embedding. The word pieces themselves are lower case. */
export const SHAPE = { lower: 0, capital: 1, capitals: 2, mixed: 3, symbol: 4, hashtag: 5, handle: 6, url: 7 } as const;
export type Shape = (typeof SHAPE)[keyof typeof SHAPE];

const isLower = (letter: string) => letter === letter.toLowerCase() && letter !== letter.toUpperCase();
const isUpper = (letter: string) => letter === letter.toUpperCase() && letter !== letter.toLowerCase();

/** The shape of a word. */
export function shapeOf(word: string): Shape {
  if (/^@./su.test(word)) return SHAPE.handle;
  if (/^#./su.test(word)) return SHAPE.hashtag;
  if (/^(?:https?:|www\.|t\.co)/iu.test(word)) return SHAPE.url;
  const letters = word.match(/\p{L}/gu) ?? [];
  const [first] = letters;
  if (first === undefined) return SHAPE.symbol;
  if (letters.every(isLower)) return SHAPE.lower;
  if (letters.length > 1 && letters.every(isUpper)) return SHAPE.capitals;
  return isUpper(first) ? SHAPE.capital : SHAPE.mixed;
}
