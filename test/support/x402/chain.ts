/** A transfer of the token that its payer authorised. */
export interface Transfer {
  readonly payer: string;
  readonly payTo: string;
  readonly amount: bigint;
  readonly nonce: string;
}

/** In place of a chain: what each address has of the token, and the nonces that were used. */
export class Chain {
  readonly #balances = new Map<string, bigint>();
  readonly #used = new Map<string, Transfer>();

  /** Every transfer that was made. */
  get transfers(): readonly Transfer[] {
    return [...this.#used.values()];
  }

  balance(address: string): bigint {
    return this.#balances.get(address.toLowerCase()) ?? 0n;
  }

  give(address: string, amount: bigint): void {
    this.#balances.set(address.toLowerCase(), this.balance(address) + amount);
  }

  isUsed(payer: string, nonce: string): boolean {
    return this.#used.has(nameOf(payer, nonce));
  }

  /** Makes a transfer and returns the hash of its transaction. The caller has checked it. */
  transfer(transfer: Transfer): string {
    const { payer, payTo, amount, nonce } = transfer;
    if (this.isUsed(payer, nonce)) throw new Error("a nonce is used twice");
    if (this.balance(payer) < amount) throw new Error("a balance would be negative");
    this.give(payer, 0n - amount);
    this.give(payTo, amount);
    this.#used.set(nameOf(payer, nonce), transfer);
    return `0x${String(this.#used.size).padStart(64, "0")}`;
  }
}

function nameOf(payer: string, nonce: string): string {
  return `${payer.toLowerCase()} ${nonce.toLowerCase()}`;
}
