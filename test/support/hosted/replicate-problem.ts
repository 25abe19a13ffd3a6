import { type Answer, json } from "./exchange.ts";

/** Replicate's form of an error: a problem document with at least `detail`. */
export function detail(status: number, text: string, title: string, more: object = {}): Answer {
  return json(status, { title, detail: text, status, ...more }, { "content-type": "application/problem+json" });
}
