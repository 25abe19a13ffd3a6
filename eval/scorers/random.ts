/**
 * A generator of numbers from 0 to below 1 that begins anew with its seed, which is not 0: the 32-bit xorshift
 * generator with the shifts 13, 17 and 5 (Marsaglia, Xorshift RNGs, Journal of Statistical Software 8(14), 2003).
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
