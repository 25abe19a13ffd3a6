import { createServer } from "node:net";

const HIGHEST_PORT = 65_535;

/** A port of this machine that nothing listens on now. */
export async function freePort(): Promise<number> {
  return listenOnce(0);
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

/** Listens on the port of the loopback address and stops again. Resolves with the port that it was. */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port is free")),
      );
    });
  });
}
