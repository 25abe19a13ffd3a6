/** Loaded before the gateway, which would listen on every network: it listens on this machine alone. */
import { Server } from "node:net";

const { listen } = Server.prototype;
Server.prototype.listen = function listenHere(port, ...rest) {
  const done = rest.findLast((argument) => typeof argument === "function");
  return listen.call(this, { port: Number(port?.port ?? port), host: "127.0.0.1" }, done);
};
