import type { RunManifest } from "../predict/manifest.ts";

/** Ids that are listed of a long list. */
const SHOWN = 20;
const OUTCOMES = { failed: "failed", partial: "answered in part", answered: "answered" } as const;

/** What was run and what came of it, for a terminal. */
export function runTable({ posts, without_picture: bare, problems, models, cost_usd }: RunManifest): string {
  const row = (name: string, count: number) => `${name.padEnd(26)}${String(count).padStart(8)}`;
  const example = (id: string) => `such as post ${id}`;
  return [
    row("posts", posts.asked),
    row("  answered", posts.answered),
    ...(posts.partial > 0 ? [row("    of these in part", posts.partial)] : []),
    row("  failed", posts.failed),
    ...(posts.missing > 0 ? [row("  without a result", posts.missing)] : []),
    ...(bare.length > 0 ? [`${row("without a picture", bare.length)}  ${some(bare)}`] : []),
    ...problems.map(({ outcome, code, stage, posts: count, example: id }) => {
      const place = stage === null ? code : `${code} (${stage})`;
      return `${OUTCOMES[outcome]}: ${place} in ${count}, ${example(id)}`;
    }),
    ...models.map(({ stage, provider, model, version, posts: count, cached }) => {
      const named = `${model} (${provider}, ${version === null ? "never answered" : `version ${version}`})`;
      return `${stage}: ${named} in ${count}${cached > 0 ? `, ${cached} from the cache` : ""}`;
    }),
    `cost: USD ${cost_usd}`,
  ].join("\n");
}

function some(ids: readonly string[]): string {
  const more = ids.length - SHOWN;
  return ids.slice(0, SHOWN).join(" ") + (more > 0 ? ` and ${more} more` : "");
}
