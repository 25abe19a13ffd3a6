import { LIMITS } from "../../schemas/limits.ts";
import { type ProblemCode, ProblemError } from "../../schemas/problem.ts";

/** How far a message's timestamp may be from now, either way, in seconds. Standard Webhooks and fal have the same. */
export const TOLERANCE_SECONDS = 5 * 60;

/** A way to sign callbacks. */
export interface SignedBy<Claim> {
  /**
   * What the headers claim, read without the body; null for what cannot be a recent message of this kind.
   *
   * @param now Unix time in seconds
   */
  readClaim(headers: Headers, now: number): Claim | null;
  /** Whether the claim holds for a body, as it came, before anything parsed it. Never rejects. */
  isSigned(claim: Claim, body: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

interface SignedOptions<Claim> {
  readonly signedBy: SignedBy<Claim>;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Reads a request's body of at most so many bytes. */
  readonly readBounded: (request: Request, maximumBytes: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** The problem of a message that is not signed, where its sender asks for another status. */
  readonly problem?: ProblemCode;
}

/**
 * The body of a signed callback. Every hook reads its body with it. What the headers alone can tell is checked first,
 * so that a message without a recent timestamp and a signature costs nothing; the body is at most
 * `LIMITS.callbackBytes`. Throws the problem, or what `readBounded` throws.
 */
export async function readSigned<Claim>(
  request: Request,
  { signedBy, clock, readBounded, problem = "signature_invalid" }: SignedOptions<Claim>,
): Promise<Uint8Array<ArrayBuffer>> {
  const claim = signedBy.readClaim(request.headers, Math.floor(clock() / 1000));
  if (!claim) throw invalid(problem);
  const body = await readBounded(request, LIMITS.callbackBytes);
  if (!(await signedBy.isSigned(claim, body))) throw invalid(problem);
  return body;
}

/**
 * Whether a timestamp is a Unix time in seconds that is near to now.
 *
 * @param now Unix time in seconds
 * @param tolerance how far it may be from now, either way, in seconds
 */
export function isRecent(timestamp: string, now: number, tolerance = TOLERANCE_SECONDS): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= tolerance;
}

function invalid(problem: ProblemCode): ProblemError {
  const detail = "The signature does not match this message, or its timestamp is too far from now.";
  return new ProblemError(problem, detail);
}
