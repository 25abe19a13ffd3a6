import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

let attempts = 0;
/** A name of an attempt that no other test of the file uses. */
export const newName = () => (++attempts).toString(16).padStart(32, "0");

/** The storage of an attempt's Durable Object. */
export const stored = (name: string) =>
  runInDurableObject(env.ATTEMPTS.getByName(name), async (_, { storage }) => Object.fromEntries(await storage.list()));
