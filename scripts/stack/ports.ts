import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const HIGHEST_PORT = 65_535;
/**
 * Where free ports are looked for: below the ports that a system gives to outgoing connections and to listeners on
 * port 0 (from 32,768 on Linux, from 49,152 elsewhere; RFC 6335 §6). Such a port could be given away again before the
 * process that it was found for listens on it.
 */
const FREE_PORTS = { from: 20_000, below: 32_768 };
const TRIES = 100;

/** A port of this machine that nothing listens on now. Throws when a hundred ports tried at random are taken. */
export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(FREE_PORTS.from, FREE_PORTS.below);
    if ((await portFault("PORT", port)) === null) return port;
  }
  throw new Error(`no free port: ${TRIES} ports from ${FREE_PORTS.from} to ${FREE_PORTS.below - 1} are taken`);
}

/** What is wrong with the port that a variable sets, as a sentence without its full stop; null when it is free. */
export async function portFault(name: string, value: string | number): Promise<string | null> {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT)
    return `${name}=${value} is not a port: a whole number from 1 to ${HIGHEST_PORT}`;
  try {
    await listenOnce(port);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      return `port ${port} is already in use; stop the program that listens there, or set ${name} to another port`;
    if (code === "EACCES") return `port ${port} needs more rights than you have; set ${name} to one above 1023`;
    return `port ${port}: ${message}`;
  }
}

/** Listens on the port of the loopback address and stops again. */
function listenOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}
