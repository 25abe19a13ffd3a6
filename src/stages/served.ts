import type { ProviderName } from "../../schemas/providers.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { ModelAddress, NameFamily, Served, StageAdapter } from "./model.ts";

/** Any name. */
export const ANY_NAME: NameFamily = { label: "NAME" };

/** Whether a name belongs to a family. */
export function isOfFamily(name: string, { prefix = "", contains = [], except = [] }: NameFamily): boolean {
  if (!name.startsWith(prefix) || name.length === prefix.length) return false;
  if (except.some((excluded) => name.startsWith(excluded))) return false;
  let rest = name.slice(prefix.length).toLowerCase();
  for (const part of contains) {
    const at = rest.indexOf(part.toLowerCase());
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

/** The entries that a model file serves at one provider, as documents write them: `provider/name`, once each. */
export function entriesOf({ provider, names = [], families = [], aliased }: Served): string[] {
  const prefix = aliased || provider === "cog" ? `${provider}:ALIAS/` : `${provider}/`;
  return [...new Set([...names, ...families.map(({ label }) => label)])].map((name) => prefix + name);
}

/**
 * The model file that serves an address, of all those of its stage. Throws an `Error` when there is none, when there
 * are two, and when it is only reached behind an alias.
 */
export function findAdapter<Name extends StageName>(
  stage: Name,
  adapters: readonly StageAdapter<Name>[],
  { provider, model, aliased }: Pick<ModelAddress, "provider" | "model" | "aliased">,
): { readonly adapter: StageAdapter<Name>; readonly provider: ProviderName } {
  const candidates = adapters.flatMap((adapter) =>
    adapter.serves
      .filter((served) => served.provider === provider)
      .map((served) => ({ adapter, served, exact: served.names?.includes(model) ?? false }))
      .filter(({ served, exact }) => exact || served.families?.some((family) => isOfFamily(model, family))),
  );
  const exact = candidates.filter((candidate) => candidate.exact);
  const [first, ...others] = exact.length > 0 ? exact : candidates;
  if (!first) {
    // Two files may list the same name.
    const entries = new Set(adapters.flatMap(({ serves }) => serves.flatMap(entriesOf)));
    throw new Error(`no ${stage} model has this name; known: ${[...entries].join(", ")}`);
  }
  if (others.length > 0) {
    const titles = [first, ...others].map(({ adapter }) => adapter.card.title);
    throw new Error(`more than one ${stage} model has this name: ${titles.join("; ")}`);
  }
  if (first.served.aliased && !aliased) throw new Error(`is only reached behind an alias: ${provider}:alias/${model}`);
  return { adapter: first.adapter, provider: first.served.provider };
}
