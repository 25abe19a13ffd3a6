import type { Checkpoints, EndedCall, OpenCall } from "../../src/pipeline/checkpoints.ts";

/** Checkpoints of a run that no other process goes on with, and what it kept of its attempts. */
export function memoryCheckpoints(): Checkpoints & { readonly calls: OpenCall[]; readonly ends: (EndedCall | null)[] } {
  const calls: OpenCall[] = [];
  const ends: (EndedCall | null)[] = [];
  return {
    calls,
    ends,
    events: [],
    ended: [],
    left: new Set(),
    addEvent: () => true,
    begin(call) {
      const begun = { ...call, key: `req_test/${calls.length + 1}`, kept: null };
      calls.push(begun);
      return begun;
    },
    keep(key, kept) {
      calls.splice(0, calls.length, ...calls.map((call) => (call.key === key ? { ...call, kept } : call)));
    },
    end: (_, call) => void ends.push(call),
  };
}
