import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync } from "node:fs";
import * as z from "zod/mini";
import { toNanoDollars, toUsd, UsdAmount } from "../../schemas/money.ts";
import { parse } from "../../scripts/batch/parse.ts";
import { checked } from "../readers/checked.ts";
import { BoxResult } from "./reply.ts";

/** The file's first line: of what it is a part. */
const Head = z.object({
  version: z.literal(1),
  /** SHA-256 of the posts. */
  input: z.string(),
  /** The deployment that was asked; null for a stack of this machine. */
  endpoint: z.nullable(z.string()),
});
type Head = z.infer<typeof Head>;

/** Every other line: a post that was answered. */
const Line = z.strictObject({
  id: z.string(),
  /** `[height, width]` of the upright picture. */
  size: z.tuple([z.int(), z.int()]),
  /** One for each box of `boxesOf`. */
  results: z.array(BoxResult),
  cost_usd: UsdAmount,
});

/** What is known of an answered post. */
export type AnsweredPost = Pick<z.infer<typeof Line>, "id" | "size" | "results">;

/** A file that cannot be gone on with. The message is for people. */
export class WrongPart extends Error {}

/**
 * The posts that were answered so far: JSON lines, each written when its post is answered, so that a process that was
 * killed loses the posts alone that ran then.
 */
export class Part {
  readonly posts = new Map<string, AnsweredPost>();
  /** What all posts were charged, in nano-dollars. */
  cost = 0;
  readonly #path: string;
  readonly #head: Head;

  /** @throws WrongPart when the file is of another input or another deployment, or is damaged */
  constructor(path: string, input: string, endpoint: string | null) {
    this.#path = path;
    this.#head = { version: 1, input, endpoint };
    if (existsSync(path)) this.#read();
  }

  /** @param cost in nano-dollars */
  add(post: AnsweredPost, cost: number): void {
    if (!existsSync(this.#path)) appendFileSync(this.#path, `${JSON.stringify(this.#head)}\n`);
    appendFileSync(this.#path, `${JSON.stringify({ ...post, cost_usd: toUsd(cost) })}\n`);
    this.#count(post, cost);
  }

  /** Removes the file: its posts are written elsewhere. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #read(): void {
    const text = readFileSync(this.#path, "utf8");
    // A process that was killed may have written half of a line.
    const end = text.lastIndexOf("\n") + 1;
    const lines = text.slice(0, end).split("\n").slice(0, -1);
    if (end < text.length) truncateSync(this.#path, Buffer.byteLength(text.slice(0, end)));
    const [head, ...rest] = lines;
    if (head === undefined) this.remove();
    else this.#checkHead(head);
    for (const [index, line] of rest.entries()) {
      const { cost_usd, ...post } = this.#line(line, index + 2);
      this.#count(post, toNanoDollars(cost_usd));
    }
  }

  #checkHead(line: string): void {
    const { data } = Head.safeParse(parse(line));
    if (!data) throw new WrongPart(`${this.#path} is no part of this version: its first line has no SHA-256. ${ANEW}`);
    const { input, endpoint } = this.#head;
    if (data.input !== input) {
      const digests = `its first line has the SHA-256 ${data.input.slice(0, 12)}…, and the input ${input.slice(0, 12)}…`;
      throw new WrongPart(`${this.#path} is part of another input: ${digests}. ${ANEW}`);
    }
    if (data.endpoint === endpoint) return;
    const [there, here] = [data.endpoint, endpoint].map((url) => url ?? "a stack of this machine");
    throw new WrongPart(`${this.#path} was asked of ${there}, and not of ${here}: masks of two are not mixed. ${ANEW}`);
  }

  #line(line: string, number: number): z.infer<typeof Line> {
    try {
      return checked(Line, parse(line), "the line");
    } catch (error) {
      throw new WrongPart(`${this.#path} is damaged: line ${number}, ${(error as Error).message}. ${ANEW}`);
    }
  }

  #count(post: AnsweredPost, cost: number): void {
    this.posts.set(post.id, post);
    this.cost += cost;
  }
}

const ANEW = "Remove it, or name another --out: all posts are then asked anew.";
