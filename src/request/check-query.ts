import { LIMITS } from "../../schemas/limits.ts";
import { toPointer } from "../../schemas/pointer.ts";
import { ProblemError } from "../../schemas/problem.ts";

/** Refuses every parameter of the query string by name: the fields of a request are in its body. */
export function refuseQuery(address: string): void {
  const names = [...new Set(new URL(address).searchParams.keys())].slice(0, LIMITS.formParts);
  if (names.length === 0) return;
  const detail = "is in the query string; send fields in the body";
  const errors = names.map((name) => ({ pointer: toPointer([name.slice(0, LIMITS.nameLength)]), detail }));
  const sentence = errors.map(({ pointer }) => `${pointer} ${detail}`).join("; ");
  throw new ProblemError("invalid_request", `${sentence}.`, { errors });
}
