import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { PaymentRequired, SettleResponse } from "@x402/core/types";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LocalFacilitator, serveFacilitator } from "../../support/x402/facilitator.ts";
import { VARIABLES } from "../../support/x402/settings.ts";
import { Wallet } from "../../support/x402/wallet.ts";
import { type Edge, startEdge, startModels, succeed } from "../miniflare.ts";

/** The official MCP client and the official payer, over sockets, to the Worker as it is deployed. */
const TEXT = "Felix sleeps";
const MENTION = { text: "Felix", start: 0, end: 5, type: "PER", score: 0.9 };

let facilitator: LocalFacilitator;
let served: Awaited<ReturnType<typeof serveFacilitator>>;
let models: Awaited<ReturnType<typeof startModels>>;
let paying: Edge;
let open: Edge;
/** What the mention model does with its call. */
let find = (response: ServerResponse) => succeed(response, { mentions: [MENTION] });

beforeAll(async () => {
  facilitator = new LocalFacilitator();
  served = await serveFacilitator(facilitator);
  models = await startModels((stage, _request, response) => {
    if (stage === "mner") find(response);
    else succeed(response, { expressions: [] });
  });
  const secrets = { KEY_CHECK_SECRET: "secret", OPERATOR_TOKEN: "token" };
  const variables = { ...VARIABLES, ...secrets, ACCESS: "keys", X402_FACILITATOR: served.url };
  paying = await startEdge({ endpoint: models.endpoint, variables });
  open = await startEdge({ endpoint: models.endpoint });
});
afterAll(async () => {
  await paying.stop();
  await open.stop();
  models.server.close();
  served.server.closeAllConnections();
  served.server.close();
});

async function connectTo({ url }: Edge): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url)));
  return client;
}

test("is paid for by the terms that a tool's result tells, once for each payment", async () => {
  const wallet = new Wallet(7);
  facilitator.chain.give(wallet.address, 1_000_000n);
  const client = await connectTo(paying);
  const asked = { name: "recognize_entities", arguments: { text: TEXT, task: "mner" } };
  const unpaid = await client.callTool(asked);
  expect(unpaid.isError).toBe(true);
  const terms = unpaid.structuredContent as unknown as PaymentRequired;
  expect(JSON.parse((unpaid.content as { text: string }[])[0]?.text ?? "")).toEqual(terms);
  const payment = await wallet.sign(terms);
  const paid = await client.callTool({ ...asked, _meta: { "x402/payment": payment } });
  expect(paid.structuredContent).toMatchObject({ job_id: null, state: "succeeded", answer: { entities: [{}] } });
  const receipt = paid._meta?.["x402/payment-response"] as SettleResponse;
  expect(receipt).toMatchObject({ success: true, payer: wallet.address.toLowerCase() });
  const again = await client.callTool({ ...asked, _meta: { "x402/payment": payment } });
  expect(again._meta?.["x402/payment-response"]).toEqual(receipt);
  expect(facilitator.chain.transfers).toHaveLength(1);
}, 60_000);

test("cancels the job of a caller that breaks its connection", async () => {
  const [called, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  find = (response) => {
    response.once("close", () => closed.resolve());
    called.resolve();
  };
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { name: "recognize_entities", arguments: { text: TEXT }, _meta: meta };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  const headers = {
    Host: "namesight.test",
    Accept: "application/json, text/event-stream",
    "Content-Type": "application/json",
    "Content-Length": body.length,
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/call",
    "Mcp-Name": "recognize_entities",
  };
  const socket = connect(Number(open.url.port), open.url.hostname);
  await once(socket, "connect");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  await called.promise;
  socket.resetAndDestroy();
  await closed.promise;
  find = (response) => succeed(response, { mentions: [MENTION] });
}, 60_000);
