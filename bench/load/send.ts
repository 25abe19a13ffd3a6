import { decodePosts, noisyPicture } from "../latency/pictures.ts";
import type { LoadAnswer, SendPost } from "./burst.ts";

/**
 * Sends the examples' posts in turn, each with a new picture. Pictures are made before they are sent, `ahead` of them
 * at first and any other when its post comes.
 */
export async function exampleSender(worker: string, ahead = 0): Promise<SendPost> {
  const posts = await decodePosts("examples");
  const pictures = new Map<number, Promise<Buffer>>();
  const postOf = (index: number) => {
    const post = posts[index % posts.length];
    if (!post) throw new Error("there are no examples");
    return post;
  };
  const pictureOf = (index: number) => {
    const picture = pictures.get(index) ?? noisyPicture(index, postOf(index));
    pictures.set(index, picture);
    return picture;
  };
  for (let index = 0; index < ahead; index++) await pictureOf(index);
  return async (index) => sendAnyPost(worker, postOf(index).text, await pictureOf(index));
}

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
