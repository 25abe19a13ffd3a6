import type * as z from "zod/mini";
import { Problem } from "../../schemas/problem.ts";

/** A deployment, as its operator calls it. */
export interface Service {
  /** Its address, without a path. */
  readonly url: URL;
  /** OPERATOR_TOKEN. */
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The deployment said no. The message is for people. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = "Refused";
    this.code = code;
  }
}

/** The deployment cannot be reached, or is none. The message is for people. */
export class NoService extends Error {
  override readonly name = "NoService";
}

/**
 * One request to an operator's route.
 *
 * @param schema of the answer; null where there is none
 * @throws Refused with the detail of the problem document, NoService when there is no such answer
 */
export async function operate<Schema extends z.ZodMiniType>(
  { url, token, fetch }: Service,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  schema: Schema,
  body?: object,
): Promise<z.infer<Schema>> {
  const request = new Request(new URL(`/operator/${path}`, url), {
    method,
    // The token is for this address alone.
    redirect: "manual",
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: "application/json",
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const response = await fetch(request).catch((error: Error) => {
    throw new NoService(`${url.origin} does not answer (another address: --url): ${error.message}`);
  });
  const text = await response.text();
  const parsed = parse(text);
  const problem = Problem.safeParse(parsed);
  if (!response.ok && problem.success) throw new Refused(problem.data.code, problem.data.detail);
  const answer = response.ok ? schema.safeParse(parsed) : null;
  if (answer?.success) return answer.data;
  throw new NoService(`${url.origin} answered with ${response.status}, and not as Namesight answers.`);
}

/** The value of a JSON text; undefined for what is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
