import type {
  BalanceAnswer,
  KeyFacts,
  KeysAnswer,
  NewAccountAnswer,
  NewKeyAnswer,
  RevenueAnswer,
  SettingsAnswer,
  TopUpAnswer,
  UsageAnswer,
} from "./accounts.ts";
import { LIMITS } from "./limits.ts";
import { toUsd } from "./money.ts";
import { operationPrice, PaidOperation, type PricesAnswer, priceOf } from "./prices.ts";

/** Examples of the operations on accounts. No key of them is a key: their checks are wrong everywhere. */
const SECRET = "0123456789abcdef0123456789abcdef01234567";

export const KEY_FACTS: KeyFacts = {
  id: "key_6f1c0a9be2d84f3b57a1c0de",
  name: "newsroom bot",
  mode: "live",
  scopes: ["recognize", "stages"],
  last_four: "0000",
  created_at: "2026-11-26T12:00:00.000Z",
  expires_at: null,
  revoked_at: null,
  replaced_by: null,
};
export const KEYS: KeysAnswer = { keys: [KEY_FACTS] };
export const NEW_KEY: NewKeyAnswer = { key: `nk_live_newsroom_${SECRET}000000000000`, ...KEY_FACTS };
export const NEW_ACCOUNT: NewAccountAnswer = {
  account: "newsroom",
  plan: "standard",
  first_key: { ...NEW_KEY, name: "first key", scopes: ["recognize", "stages", "admin"] },
};
export const BALANCE: BalanceAnswer = {
  account: "newsroom",
  plan: "standard",
  balance_usd: "9.993",
  reserved_usd: "0",
  owed_usd: "0",
};
export const SETTINGS: SettingsAnswer = { result_seconds: LIMITS.resultSeconds };
export const PRICE_LIST: PricesAnswer = { currency: "USD", prices: PaidOperation.options.map(operationPrice) };

const UNITS = { calls: 1, entities: 1, masks: 1 };
const AMOUNT = toUsd(priceOf("recognize", UNITS));
export const USAGE: UsageAnswer = {
  usage: [
    {
      day: "2026-11-26",
      key_id: KEY_FACTS.id,
      operation: "recognize",
      requests: 1,
      units: UNITS,
      amount_usd: AMOUNT,
    },
  ],
  next_cursor: null,
};
export const REVENUE: RevenueAnswer = {
  accounts: ["newsroom"],
  revenue: [
    {
      operation: "recognize",
      requests: 1,
      units: UNITS,
      revenue_usd: AMOUNT,
      cost_usd: "0.0021",
      requests_without_cost: 0,
    },
  ],
  next_cursor: null,
};
export const TOP_UP: TopUpAnswer = {
  url: "https://checkout.stripe.com/c/pay/cs_test_a1",
  amount_usd: "20",
  expires_at: "2026-11-27T12:00:00.000Z",
};
