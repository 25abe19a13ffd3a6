/** Requests that once met an answer which the contract does not have; kept so that they never do again. */
export const FUZZ_SEEDS: ReadonlyArray<{ readonly why: string; readonly path: string; readonly init: RequestInit }> = [
  {
    why: "a field that is nested so deeply that writing it out overflowed the stack",
    path: "/v1/recognize",
    init: {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"text": "", "task": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    },
  },
];
