/** What a host reported about one call, from which its cost follows. Absent fields were not reported. */
export interface Usage {
  /** Tokens of the prompt, pictures included. */
  readonly inputTokens?: number;
  /** Tokens of the reply, reasoning included. */
  readonly outputTokens?: number;
  /** Seconds for which the host charges. */
  readonly seconds?: number;
  /** The cost in US dollars, where the host names it. It wins over tokens and seconds. */
  readonly costUsd?: number;
}
