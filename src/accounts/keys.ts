import type { KeyMode } from "../../schemas/accounts.ts";
import { toHex, toUtf8 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import type { Runtime } from "../runtime.ts";
import { sha256 } from "../storage/digest.ts";
import { Hmac } from "../storage/hmac.ts";

/** What the text of a key says, once its check is right. Whether the account knows the key is another question. */
export interface ReadKey {
  readonly account: string;
  readonly mode: KeyMode;
  /** SHA-256 of the whole key, in hexadecimal. */
  readonly hash: string;
}

/** A new key, and what its account stores of it. */
export interface MadeKey {
  /** The key itself. Nobody stores it. */
  readonly text: string;
  readonly hash: string;
  readonly lastFour: string;
  /** `key_` and 24 hexadecimal digits: it names the key and opens nothing. */
  readonly id: string;
}

/** `nk_live_{account}_{secret}{check}`: a secret of 20 random bytes and a check of 6 bytes, in hexadecimal. */
const KEY = /^(nk_(live|test)_([a-z0-9]{4,32})_[0-9a-f]{40})([0-9a-f]{12})$/;
const SECRET_BYTES = 20;
const CHECK_DIGITS = 12;
const ID_BYTES = 12;

/**
 * Makes keys and reads them. The check of a key is an HMAC under a secret of the deployment, so a made-up key is
 * refused without asking any account.
 */
export class Keys {
  readonly #hmac: Hmac;

  /** @param secret KEY_CHECK_SECRET */
  constructor(secret: string) {
    this.#hmac = new Hmac(secret);
  }

  async make(account: string, mode: KeyMode, randomBytes: Runtime["randomBytes"]): Promise<MadeKey> {
    const body = `nk_${mode}_${account}_${toHex(randomBytes(SECRET_BYTES))}`;
    const text = body + (await this.#check(body));
    return { text, hash: await sha256(text), lastFour: text.slice(-4), id: `key_${toHex(randomBytes(ID_BYTES))}` };
  }

  /** What a key says. Null when this deployment did not make it. */
  async read(text: string): Promise<ReadKey | null> {
    const [, body = "", mode = "", account = "", check = ""] = KEY.exec(text) ?? [];
    if (body === "") return null;
    const expected = await this.#check(body);
    if (!isEqual(toUtf8(check), toUtf8(expected))) return null;
    return { account, mode: mode as KeyMode, hash: await sha256(text) };
  }

  async #check(body: string): Promise<string> {
    return toHex(await this.#hmac.sign(toUtf8(body))).slice(0, CHECK_DIGITS);
  }
}
