import * as z from "zod/mini";
import { parse } from "./parse.ts";

/** The service refused a request, and will refuse it again. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Why a request has no answer that can be used. */
export interface Fault {
  /** As the end of a sentence. */
  readonly text: string;
  /** Whether the service has surely done nothing: it was not reached, or has refused. */
  readonly isWithoutEffect: boolean;
  /** Null where the same request may get an answer the next time. */
  readonly refused: Refused | null;
}

/** Statuses that may be others the next time. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504]);
/** Calls of the system that fail before anything is sent: connect(2), and asking for the address of a name. */
const CONNECTING = new Set(["connect", "getaddrinfo"]);
/** Errors before anything is sent: no connection in time, and a server that is not who it should be (TLS). */
const UNCONNECTED = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
/** What every version of a problem document has. */
const AnyProblem = z.object({ code: z.string(), title: z.string(), detail: z.optional(z.string()) });

/** What is wrong with a response that is no success, or with a request that had none. */
export async function faultOf(response: Response | Error, origin: string): Promise<Fault> {
  if (response instanceof Error) {
    const text = `cannot be reached (${reasonOf(response)})`;
    return { text, isWithoutEffect: isUnconnected(response.cause), refused: null };
  }
  const { status } = response;
  const body = await response.text().catch(() => "");
  const { data: problem } = AnyProblem.safeParse(parse(body));
  const detail = problem ? [problem.title, problem.detail].filter(Boolean).join(": ") : body.slice(0, 200);
  const text = `answers with ${status}${detail && ` (${detail.replace(/\.$/, "")})`}`;
  if (PASSING.has(status)) return { text, isWithoutEffect: problem !== undefined && status < 500, refused: null };
  const refused = problem ? new Refused(status, detail) : notNamesight(status, origin);
  return { text, isWithoutEffect: status < 500, refused };
}

/** An answer that Namesight does not give. */
export function notNamesight(status: number, origin: string): Refused {
  return new Refused(
    status,
    `${origin} does not answer as Namesight does. It answered with ${status}: check --endpoint.`,
  );
}

/** Why a request had no response: `fetch failed` alone says nothing. */
function reasonOf({ message, cause }: Error): string {
  const { message: inner = "", code = "" } = (cause ?? {}) as { message?: string; code?: string };
  return inner || code || message;
}

/** What is known of an error of the system, or of several. */
interface SystemError {
  readonly syscall?: string;
  readonly code?: string;
  readonly errors?: readonly unknown[];
}

function isUnconnected(cause: unknown): boolean {
  const { syscall = "", code = "", errors = [] } = (cause ?? {}) as SystemError;
  if (CONNECTING.has(syscall) || UNCONNECTED.has(code)) return true;
  // A name with several addresses has an error for each.
  return errors.length > 0 && errors.every(isUnconnected);
}
