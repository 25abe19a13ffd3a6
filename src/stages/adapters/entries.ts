import type { Served } from "../stage-adapter.ts";

/**
 * `provider/name` for each name that a model file serves at a provider, as people write it: `NAME` for any name, `…`
 * for the rest of one.
 */
export function entriesOf({ provider, models, aliased }: Served): string[] {
  const prefix = aliased || provider === "cog" ? `${provider}:ALIAS/` : `${provider}/`;
  const anchored = models.source.startsWith("^");
  const pattern = models.source
    .replace(/^\^/, "")
    .replace(/\$$/, "")
    .replaceAll(/\(\?![^)]*\)/g, "")
    .replaceAll(/\\([/.-])/g, "$1");
  const choice = /^\(\?:([^()]*)\)$/.exec(pattern)?.[1];
  if (anchored && choice) return choice.split("|").map((name) => prefix + name);
  const name = pattern.replace(/(?:\.[*+])?(?:\(\?:\.\)|\.[*+]?)$/, "NAME");
  const [, before = "", family = anchored ? "" : name] = /^(.*)\.\*\(\?:(.*)\)$/.exec(name) ?? [];
  if (family === "" || family === "NAME") return [prefix + name];
  return family.split("|").map((part) => `${prefix}${before}…${part.replaceAll(".*", "…").replaceAll("?", "")}…`);
}
