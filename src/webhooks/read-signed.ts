import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { isSigned, readClaim } from "./standard-webhooks.ts";

interface SignedOptions {
  /** The shared secret, `whsec_` and base64. */
  readonly secret: string;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Reads a request's body of at most so many bytes. */
  readonly readBounded: (request: Request, maximumBytes: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The body of a callback that is signed by the Standard Webhooks specification. Every hook reads its body with it. What
 * the headers alone can tell is checked first, so that a message without a recent timestamp and a signature costs
 * nothing; the body is at most `LIMITS.callbackBytes`. Throws `signature_invalid`, or what `readBounded` throws.
 */
export async function readSigned(
  request: Request,
  { secret, clock, readBounded }: SignedOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const claim = readClaim(request.headers, Math.floor(clock() / 1000));
  if (!claim) throw invalid();
  const body = await readBounded(request, LIMITS.callbackBytes);
  if (!(await isSigned(claim, body, secret))) throw invalid();
  return body;
}

function invalid(): ProblemError {
  const detail = "The signature does not match this message, or its timestamp is too far from now.";
  return new ProblemError("signature_invalid", detail);
}
