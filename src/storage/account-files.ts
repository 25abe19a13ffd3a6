import { sweep } from "./sweep.ts";

/** Prefixes of R2 under which an account has files, each with the account's name behind it. */
const PREFIXES = ["masks/", "overlays/", "answers/", "jobs/"];
const LIST = "accounts/";

/**
 * What R2 has of accounts: their files, and the list of all accounts that were created, one empty object each under
 * `accounts/`. R2's lists are consistent, so an account is in the list as soon as it was put there.
 */
export class AccountFiles {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Puts an account into the list. */
  async enlist(account: string): Promise<void> {
    await this.#bucket.put(LIST + account, "");
  }

  /**
   * Accounts of the list by name.
   *
   * @param after the last account of the page before; null for the first page
   * @returns the accounts, and the last of them when there are more
   */
  async list(after: string | null, limit: number): Promise<{ accounts: string[]; next: string | null }> {
    const startAfter = after === null ? {} : { startAfter: LIST + after };
    const { objects, truncated } = await this.#bucket.list({ prefix: LIST, limit, ...startAfter });
    const accounts = objects.map(({ key }) => key.slice(LIST.length));
    return { accounts, next: truncated ? (accounts.at(-1) ?? null) : null };
  }

  /** Deletes an account's files, and takes it off the list when they are gone. */
  async deleteAll(account: string): Promise<void> {
    for (const prefix of PREFIXES) await sweep(this.#bucket, `${prefix}${account}/`, Number.POSITIVE_INFINITY);
    await this.#bucket.delete(LIST + account);
  }
}
