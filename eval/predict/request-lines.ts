import { basename } from "node:path";
import type { EvaluatedEntity, EvaluatedPost } from "../../schemas/evaluation.ts";
import { type Labels, typesOf } from "../../schemas/labels.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { RecognizeRequest, Task } from "../../schemas/recognize.ts";
import { ofPost } from "../readers/evaluated-file.ts";

/** What is asked about every post. */
export interface Asking {
  readonly task: Task;
  readonly labels: Extract<Labels, string>;
  /** Whether gold's mentions are sent, so that no model looks for names. */
  readonly givesEntities: boolean;
  /** Whether a model that fails may be replaced by the next of its chain. */
  readonly allowsFallback: boolean;
}

/** The requests for the posts of a data set. */
export interface RequestLines {
  /** One JSON a line, as `npm run batch` takes it, in the order of the data set. */
  readonly text: string;
  /** Ids of the posts that are sent without a picture because the folder has none. */
  readonly withoutPicture: readonly string[];
}

type Line = Partial<RecognizeRequest> & { readonly id: string };

/**
 * Makes a request of each post: its tokens, its picture, and gold's mentions where they are given.
 *
 * @param pictures the files of the pictures by the ids of their posts; null to send none
 * @throws an error that names the post which cannot be asked about: it has no tokens, or its gold cannot be given
 */
export function requestLines(
  posts: readonly EvaluatedPost[],
  pictures: ReadonlyMap<string, string> | null,
  asking: Asking,
): RequestLines {
  const withoutPicture: string[] = [];
  const lines = posts.map((post) => {
    const file = pictures ? ofPost(pictures, post.id) : undefined;
    if (pictures && file === undefined) withoutPicture.push(post.id);
    return `${JSON.stringify(lineOf(post, file, asking))}\n`;
  });
  return { text: lines.join(""), withoutPicture };
}

function lineOf(post: EvaluatedPost, file: string | undefined, asking: Asking): Line {
  const { id, tokens } = post;
  if (!tokens) throw new Error(`post ${id} has no tokens, and a data set without tokens cannot be asked about`);
  const { task, labels, givesEntities, allowsFallback } = asking;
  return {
    id,
    tokens,
    ...(file !== undefined && { image: basename(file) }),
    ...(givesEntities && { entities: givenEntities(post, labels) }),
    task,
    labels,
    max_entities: LIMITS.entities,
    fallback: allowsFallback,
    offset_encoding: "token",
  };
}

/** Gold's mentions as a request has them. Throws where the service would refuse them. */
function givenEntities(post: EvaluatedPost, labels: Asking["labels"]): NonNullable<Line["entities"]> {
  const { id, entities, offset_unit: unit } = post;
  const refuse = (fault: string) => new Error(`post ${id} cannot be asked with --given-entities: ${fault}`);
  if (unit !== "token") throw refuse(`its offsets count ${unit}, and must count tokens`);
  if (entities.length > LIMITS.entities) throw refuse(`it has ${entities.length} entities; at most ${LIMITS.entities}`);
  const places = new Map<string, string>();
  return entities.map(({ text, type, start, end }: EvaluatedEntity) => {
    if (start === null || end === null) throw refuse(`its entity ${JSON.stringify(text)} has no start and end`);
    const place = `${start} to ${end}`;
    const twin = places.get(place);
    if (twin !== undefined) throw refuse(`${JSON.stringify(twin)} and ${JSON.stringify(text)} are both from ${place}`);
    places.set(place, text);
    const types = typesOf(labels);
    if (!types.includes(type)) throw refuse(`its type ${type} is none of --labels ${labels}`);
    return { start, end, type };
  });
}
