import { RecognizeAnswer } from "../schemas/recognize.ts";

/** An answer, and how long it took. */
export interface TimedAnswer {
  readonly answer: RecognizeAnswer;
  readonly ms: number;
}

/**
 * Send a post to `POST /v1/recognize` of the Worker. Throws when it is refused or a stage failed: the figure would mean
 * nothing.
 */
export async function sendPost(worker: string, text: string, picture: Buffer, fileName: string): Promise<TimedAnswer> {
  const form = new FormData();
  form.set("text", text);
  form.set("image", new Blob([new Uint8Array(picture)]), fileName);
  const started = performance.now();
  const response = await fetch(`${worker}/v1/recognize`, { method: "POST", body: form });
  const body = await response.text();
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${body.slice(0, 500)}`);
  const answer = RecognizeAnswer.parse(JSON.parse(body));
  if (answer.partial) throw new Error(`a stage failed: ${JSON.stringify(answer.problems)}`);
  return { answer, ms };
}
