import { idsInFiles } from "../readers/evaluated-file.ts";
import type { Expansion } from "../readers/expansions.ts";
import type { TrainingEntity } from "./entities.ts";
import { foldName } from "./names.ts";

/** One way to describe an entity; null where it is its name alone. */
export interface Phrasing {
  readonly text: string | null;
  readonly method: Expansion["method"] | null;
}

/** An entity with every distinct phrasing of it. */
export interface PhrasedEntity extends TrainingEntity {
  readonly phrasings: readonly Phrasing[];
}

/**
 * Gives each entity what files say of it, in the order of the files, each text once. In one file, an entity's own
 * spelling goes before the same name spelled otherwise (`foldName`). An entity of which no file says anything has none.
 */
export function phrase(
  entities: readonly TrainingEntity[],
  files: ReadonlyArray<readonly Expansion[]>,
): PhrasedEntity[] {
  const indexes = files.map(
    (expansions) => [indexBy(expansions, (name) => name), indexBy(expansions, foldName)] as const,
  );
  return entities.map((entity) => {
    const found = indexes.flatMap(([exact, folded]) => {
      const inFile = idsInFiles(entity.postId).map(
        (id) =>
          exact.get(keyOf(id, entity.type, entity.name)) ?? folded.get(keyOf(id, entity.type, foldName(entity.name))),
      );
      return inFile.find((expansions) => expansions !== undefined) ?? [];
    });
    const byText = new Map<string, Phrasing>();
    for (const { text, method } of found) if (!byText.has(text)) byText.set(text, { text, method });
    return { ...entity, phrasings: [...byText.values()] };
  });
}

function indexBy(expansions: readonly Expansion[], spelling: (name: string) => string): Map<string, Expansion[]> {
  const index = new Map<string, Expansion[]>();
  for (const expansion of expansions) {
    const key = keyOf(expansion.id, expansion.type, spelling(expansion.name));
    const same = index.get(key);
    if (same) same.push(expansion);
    else index.set(key, [expansion]);
  }
  return index;
}

function keyOf(id: string, type: string, name: string): string {
  return JSON.stringify([id, type, name]);
}
