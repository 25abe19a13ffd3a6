import { pointerTo, refuse } from "./field-problem.ts";

/** Refuses every parameter of the query string by name: the fields of a request are in its body. */
export function refuseQuery(address: string): void {
  const names = [...new Set(new URL(address).searchParams.keys())];
  const detail = "is in the query string; send fields in the body";
  refuse(names.map((name) => ({ pointer: pointerTo(name), detail })));
}
