import * as z from "zod/mini";
import { AccountId } from "./accounts.ts";
import { LIMITS } from "./limits.ts";
import { OverlapSeconds } from "./primitives.ts";
import { RecognizeRequest } from "./recognize.ts";
import { WebhookSecret } from "./webhooks.ts";

/** The id of a source of incoming messages. */
export const SourceId = z.string().check(z.regex(/^src_[0-9a-f]{24}$/, "must be the id of a source, src_…"));

const HeaderName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9-]{1,100}$/, "must be the name of a header: 1 to 100 letters, digits and hyphens"));

/** A value of a message. */
export const Pointer = z
  .string()
  .check(
    z.maxLength(500),
    z.regex(/^(?:\/(?:[^~/]|~[01])*)*$/, "must be a JSON pointer such as /post/text, where * is each item of an array"),
  );

/** One pointer, or several whose values are joined. */
const Pointers = z.union([Pointer, z.array(Pointer).check(z.minLength(1), z.maxLength(10))]);

/** Values that a message must have, by their pointers. */
const Where = z.record(Pointer, z.union([z.string(), z.number(), z.boolean()]));
export type Where = z.infer<typeof Where>;

/** The body is signed by an HMAC in a header, alone or as `{timestamp}.{body}`. */
export const HmacScheme = z.strictObject({
  scheme: z.literal("hmac"),
  /** The header that has the HMAC. */
  header: HeaderName,
  algorithm: z._default(z.enum(["sha256", "sha1", "sha512"]), "sha256"),
  /** What stands before the HMAC in the header, such as `sha256=`. */
  prefix: z._default(z.string().check(z.regex(/^[!-~]{0,50}$/, "must be at most 50 visible ASCII characters")), ""),
  encoding: z._default(z.enum(["hex", "base64"]), "hex"),
  /** The header with the Unix time in seconds, where `{timestamp}.{body}` is signed. Without it, the body alone is. */
  timestamp_header: z.optional(HeaderName),
  /** How far that time may be from now, either way, in seconds. */
  tolerance_seconds: z._default(z.int().check(z.gte(1), z.lte(3_600)), 300),
});
export type HmacScheme = z.infer<typeof HmacScheme>;

/**
 * How a source signs its messages:
 * - `standard-webhooks`: Standard Webhooks 1.0;
 * - `hmac`: an HMAC in a header;
 * - `stripe`: `t=…,v1=…` in a header, as Stripe signs;
 * - `bearer`: a token, which signs nothing: whoever reads one message can send others;
 * - `github`, `mastodon`: what these two send.
 */
export const SignatureScheme = z.discriminatedUnion("scheme", [
  z.strictObject({ scheme: z.literal("standard-webhooks") }),
  HmacScheme,
  z.strictObject({ scheme: z.literal("stripe"), header: z._default(HeaderName, "stripe-signature") }),
  z.strictObject({
    scheme: z.literal("bearer"),
    /** The header with the token; in `Authorization` it stands behind `Bearer`. */
    header: z._default(HeaderName, "authorization"),
  }),
  z.strictObject({ scheme: z.literal("github") }),
  z.strictObject({ scheme: z.literal("mastodon") }),
]);
export type SignatureScheme = z.infer<typeof SignatureScheme>;

/** Where a message has addresses of pictures. */
const PictureSource = z.union([
  Pointer,
  z.strictObject({
    /** The items of which each may have a picture, such as `/object/media_attachments/*`. */
    items: Pointer,
    /** The address in an item. */
    address: Pointer,
    /** Values that an item must have; others are left out. Pointers start at the item. */
    where: z.optional(Where),
  }),
]);
export type PictureSource = z.infer<typeof PictureSource>;

/** What of a message becomes a request, by JSON pointers (RFC 6901). `*` is each item of an array. */
export const Mapping = z.strictObject({
  /** Values that a message must have. Others are skipped. */
  where: z.optional(Where),
  /** The text of the post. Several are joined by an empty line. */
  text: Pointers,
  /** Whether the text is HTML: tags are removed, paragraphs become lines, entities characters. */
  html: z._default(z.boolean(), false),
  /** Https addresses of the pictures. A message with several becomes one job each. */
  pictures: z._default(z.array(PictureSource).check(z.maxLength(10)), []),
  /** The sender's own id of the message: two messages with the same are one. Several values make one id together. */
  id: z.optional(Pointers),
  /**
   * The header with the sender's id, for messages without one at `id`. It is what the jobs are called
   * (`reference`). It tells messages apart only where it is signed (`standard-webhooks`) or nothing is (`bearer`);
   * elsewhere their bodies do, because whoever recorded a message could change its header.
   */
  id_header: z.optional(HeaderName),
});
export type Mapping = z.infer<typeof Mapping>;

const { text: _, tokens: __, image: ___, entities: ____, webhook: _____, ...settings } = RecognizeRequest.shape;
/** Fields of a request that do not come from a message. */
export const RequestSettings = z.strictObject(settings);
export type RequestSettings = z.infer<typeof RequestSettings>;

const Address = z.string().check(z.minLength(1), z.maxLength(LIMITS.webhookUrlLength));
/** Where the ends of a source's jobs are told: always the same address, or one in each message. */
export const Reply = z.union([
  z.strictObject({
    /** An https address of the public internet. */
    url: Address,
  }),
  z.strictObject({
    /** Where a message has such an address. */
    pointer: Pointer,
  }),
]);
export type Reply = z.infer<typeof Reply>;

/** A secret that a sender signs with, as text. */
const SourceSecret = z.string().check(z.regex(/^[!-~]{16,500}$/, "must be 16 to 500 visible ASCII characters"));

/**
 * A new source of incoming messages.
 *
 * @example { "name": "Mastodon", "signature": { "scheme": "mastodon" }, "mapping": { "text": "/object/content" } }
 */
export const CreateSourceRequest = z
  .strictObject({
    /** A name by which you know the source. */
    name: z.string().check(z.minLength(1), z.maxLength(LIMITS.keyNameLength)),
    /** The account that pays for the jobs; left out where nobody pays (`ACCESS=open`). */
    account: z.optional(AccountId),
    signature: SignatureScheme,
    /** The secret of the scheme, where the sender has made one. Without it, one is made and shown once. */
    secret: z.optional(SourceSecret),
    mapping: Mapping,
    /** Fields of the request that each message becomes, such as `labels`, `task` and `store`. */
    defaults: z.optional(RequestSettings),
    /** Where the ends of the jobs are told, beside the endpoints of the account. Without it, nowhere. */
    reply: z.optional(Reply),
  })
  .check(
    z.superRefine(({ signature, secret, defaults }, context) => {
      if (
        secret !== undefined &&
        signature.scheme === "standard-webhooks" &&
        !WebhookSecret.safeParse(secret).success
      ) {
        const message = "must be whsec_ and the base64 of 24 to 64 bytes";
        context.addIssue({ code: "custom", path: ["secret"], message });
      }
      // What every message would fail with is refused now.
      const request = RecognizeRequest.safeParse({ ...defaults, text: "A text." });
      for (const { path, message } of request.error?.issues ?? []) {
        context.addIssue({ code: "custom", path: ["defaults", ...path], message });
      }
    }),
  );
export type CreateSourceRequest = z.infer<typeof CreateSourceRequest>;

/**
 * Another secret for a source.
 *
 * @example { "overlap_seconds": 86400 }
 */
export const RotateSourceRequest = z.strictObject({
  /** `secret` verifies messages. `reply_secret` signs what the reply address is told, from the next message on. */
  which: z._default(z.enum(["secret", "reply_secret"]), "secret"),
  /** The new secret, where the sender has made it. Without it, one is made and shown once. */
  secret: z.optional(SourceSecret),
  /** For how many seconds messages with the old secret are taken too. 0 ends it at once. */
  overlap_seconds: OverlapSeconds,
});
export type RotateSourceRequest = z.infer<typeof RotateSourceRequest>;

const Time = z.string();
/** A source without its secrets, which nobody can read again. */
export const SourceFacts = z.object({
  /** The source's id, `src_…`. */
  id: z.string(),
  /** The name by which you know it. */
  name: z.string(),
  /** Where to send its messages. */
  url: z.string(),
  /** The account that pays; null where nobody does. */
  account: z.nullable(z.string()),
  signature: SignatureScheme,
  mapping: Mapping,
  /** Fields of the request that each message becomes. */
  defaults: RequestSettings,
  /** Where the ends of the jobs are told; null for nowhere. */
  reply: z.nullable(Reply),
  /** The secrets that verify messages, newest first: several while a rotation overlaps. */
  secrets: z.array(
    z.object({
      /** When it was made or brought. */
      created_at: Time,
      /** When it ends; null for the newest. */
      expires_at: z.nullable(Time),
    }),
  ),
  /** When it was made, ISO 8601 in UTC, as all times. */
  created_at: Time,
});
export type SourceFacts = z.infer<typeof SourceFacts>;

/** A source with those of its secrets that were made for it, which are shown this once. */
export const NewSourceAnswer = z.object({
  /** The secret to sign messages with; null where the request brought it, and where it did not change. */
  secret: z.nullable(z.string()),
  /** The secret that verifies what the reply address is told; null without one, and where it did not change. */
  reply_secret: z.nullable(z.string()),
  ...SourceFacts.shape,
});
export type NewSourceAnswer = z.infer<typeof NewSourceAnswer>;

/** Which page of sources. */
export const SourcesParameters = z.strictObject({
  /** `next_cursor` of the page before. */
  cursor: z.optional(SourceId),
});

/** A page of sources by their ids. */
export const SourcesAnswer = z.object({
  /** In the order of their ids. */
  sources: z.array(SourceFacts),
  /** Send it as `cursor` to get the next sources; null after the last. */
  next_cursor: z.nullable(z.string()),
});
export type SourcesAnswer = z.infer<typeof SourcesAnswer>;

/** What became of an incoming message. */
export const IngestAnswer = z.object({
  /** The sender's id, by which its jobs are called; null for a message that was skipped. */
  id: z.nullable(z.string()),
  /** The ids of its jobs, one for each picture. A repeated message has the same. Empty when it was skipped. */
  jobs: z.array(z.string()),
  /** Whether all of its jobs were begun by an earlier message. */
  duplicate: z.boolean(),
  /** Why no job was begun; null when one was. */
  skipped: z.nullable(z.string()),
});
export type IngestAnswer = z.infer<typeof IngestAnswer>;
