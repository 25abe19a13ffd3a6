import { type Answer, json } from "./exchange.ts";

/** An error of Replicate's: a problem document with at least `detail` (hosted-apis section 1.4). */
export function detail(status: number, text: string, title: string, more: object = {}): Answer {
  return json(status, { title, detail: text, status, ...more }, { "content-type": "application/problem+json" });
}
