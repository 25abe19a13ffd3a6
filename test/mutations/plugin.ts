import { resolve } from "node:path";
import { mutationOf } from "./table.ts";

/** Applies the mutation that the variable `MUTATION` names to the code that tests import; none without it. */
export function mutate(environment: Readonly<Record<string, string | undefined>>) {
  const mutation = mutationOf(environment);
  if (!mutation) return [];
  const { file, find, replace } = mutation;
  const path = resolve(file);
  return [
    {
      name: "mutation",
      enforce: "pre" as const,
      transform: (code: string, id: string) => (id.split("?")[0] === path ? code.replace(find, () => replace) : null),
    },
  ];
}
