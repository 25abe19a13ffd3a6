import type { LoadAnswer } from "./burst.ts";

/** Send a post to `POST /v1/recognize` of the Worker, whatever it answers. */
export async function sendAnyPost(worker: string, text: string, picture: Uint8Array): Promise<LoadAnswer> {
  const form = new FormData();
  form.set("text", text);
  form.set("image", new Blob([new Uint8Array(picture)]), "post.jpg");
  const started = performance.now();
  const answer = (outcome: LoadAnswer["outcome"], retryAfter: number | null = null): LoadAnswer => {
    return { outcome, ms: performance.now() - started, retryAfter };
  };
  try {
    const response = await fetch(`${worker}/v1/recognize`, { method: "POST", body: form });
    const body = (await response.json()) as { partial?: boolean };
    if (response.status === 503) return answer("refused", Number(response.headers.get("retry-after")) || null);
    if (response.status !== 200) return answer("failed");
    return answer(body.partial === false ? "whole" : "partial");
  } catch {
    return answer("failed");
  }
}
