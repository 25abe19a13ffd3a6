import type { PaidInvariant } from "../support/accounts/model/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation or more for each invariant of a paid request, by a name. */
export const PAID_REQUESTS = {
  "an answer that cannot be read from R2 is no problem of the catalogue": {
    invariant: "ends with an answer or a problem",
    file: "src/accounts/paid-request.ts",
    find: 'throw accountUnavailable("The answer that was kept could not be read.");',
    replace: "throw error;",
  },
  "a settlement that is repeated has no first one": {
    invariant: "is settled once, whatever is repeated",
    file: "src/accounts/settlement.ts",
    find: "  if (settled) return settleAgain(database, settled, call, now);\n",
    replace: "",
  },
  "a released request keeps its reservation": {
    invariant: "gives back what it reserved",
    file: "src/accounts/settlement.ts",
    find: "  if (settled) endDoubt(database, requestId, 0);\n  database.run(",
    replace: "  if (settled) endDoubt(database, requestId, 0);\n  if (settled) database.run(",
  },
  "a request that runs is not seen by its repeat": {
    invariant: "runs under its key alone",
    file: "src/accounts/repeatables.ts",
    find: "reserved_until !== null || (until !== null && until > now)",
    replace: "until !== null && until > now",
  },
  "the key of an answered request is free again": {
    invariant: "does not run again once its answer counts",
    file: "src/accounts/settlement.ts",
    find: "  keepRepeatable(database, requestId, end);\n",
    replace: "",
  },
  "a request that is over is forgotten before anybody looks for its answer": {
    invariant: "does not run again once its answer counts",
    file: "src/accounts/upkeep.ts",
    find: "endOverdue(database, requestId, readFacts(stored), clock())",
    replace: "endOverdue(database, requestId, null, clock())",
  },
  "every repeat gets the first answer of the account": {
    invariant: "is repeated byte by byte",
    file: "src/storage/answer-store.ts",
    find: "return this.#bucket.get(answerKey(account, id));",
    replace: 'return this.#bucket.get(answerKey(account, "r0"));',
  },
  "a charge is taken twice from the balance": {
    invariant: "leaves a balance that is the sum of its entries and not below zero",
    file: "src/accounts/ledger.ts",
    find: '"UPDATE account SET balance = balance + ?"',
    replace: '"UPDATE account SET balance = max(0, balance + 2 * ?)"',
  },
  "money that a request reserved is there for the next one": {
    invariant: "reserves money that nobody else has reserved",
    file: "src/accounts/admission.ts",
    find: "const available = availableBeside(reserved);",
    replace: "const available = availableBeside(0);",
  },
  "a refund takes what is reserved": {
    invariant: "reserves money that nobody else has reserved",
    file: "src/accounts/ledger.ts",
    find: "const taken = Math.min(amount, readUnreserved(database, now));",
    replace: "const taken = Math.min(amount, read(database, now).balance);",
  },
  "a reservation that nobody settles stays": {
    invariant: "gives back what it reserved",
    file: "src/accounts/settlement.ts",
    find: "    if (!facts) return release(database, requestId, now);\n",
    replace: "    if (!facts) return;\n",
  },
  "the alarm is not set": {
    invariant: "gives back what it reserved",
    file: "src/accounts/account-state.ts",
    find: "    await this.#storage.alarm.set(due);\n",
    replace: "",
  },
  "what models found beyond the request is charged": {
    invariant: "costs at most what was authorised, and what its answer says",
    file: "src/accounts/paid-request.ts",
    find: "return Math.min(most, outside ? outside.payment.amount(price) : price);",
    replace: "return outside ? outside.payment.amount(price) : price;",
  },
  "a lost settlement is not made from the stored answer": {
    invariant: "is charged what it delivered, once that was stored",
    file: "src/accounts/upkeep.ts",
    find: "return Facts.parse(JSON.parse(stored.facts));",
    replace: "return null;",
  },
  "a test key reserves and pays": {
    invariant: "costs nothing with a test key",
    file: "src/accounts/admission.ts",
    find: 'const most = mode === "test" ? 0 : call.most;',
    replace: "const most = call.most;",
  },
  "a transfer that comes again is an error": {
    invariant: "leaves each transfer counted once",
    file: "src/accounts/ledger.ts",
    find: "  if (bookedBefore(database, transfer) !== null) return false;\n",
    replace:
      "  if (bookedBefore(database, transfer) !== null) return bookTransfer(database, { ...transfer, reference: `${reference}+` }, now);\n",
  },
  "what a refund could not take is not owed": {
    invariant: "leaves each transfer counted once",
    file: "src/accounts/ledger.ts",
    find: '    database.run("UPDATE account SET owed = owed + ?", amount - taken);\n',
    replace: "",
  },
  "old charges are added up without their cost": {
    invariant: "is added up without a change of any sum",
    file: "src/accounts/ledger.ts",
    find: "sum(masks), sum(cost), sum(requests_without_cost)",
    replace: "sum(masks), max(cost), sum(requests_without_cost)",
  },
  "a revoked key opens what it opened": {
    invariant: "is not admitted with a revoked key",
    file: "src/accounts/account-keys.ts",
    find: '  if (key.revoked_at !== null) return { outcome: "revoked_key", at: key.revoked_at };\n',
    replace: "",
  },
} as const satisfies Record<string, MutationOf<PaidInvariant>>;
