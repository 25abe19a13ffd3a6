import { DurableObject } from "cloudflare:workers";

/** A Durable Object for one account: its keys, its ledger, its limits and its repeatable requests. */
export class Account extends DurableObject<Env> {}
