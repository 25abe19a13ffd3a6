import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";

/** CORS for any origin: the API uses no cookies, so a page can read only what its user could read without it. */
export const crossOrigin = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
  allowHeaders: [
    "Accept",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Last-Event-ID",
    "PAYMENT-SIGNATURE",
    "Prefer",
    "Range",
  ],
  exposeHeaders: [
    "Allow",
    "Content-Range",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "PAYMENT-REQUIRED",
    "PAYMENT-RESPONSE",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "WWW-Authenticate",
    "Webhook-Disabled",
    "X-Charge-Usd",
    "X-First-Request-Id",
    "X-Request-Id",
  ],
  maxAge: 24 * 60 * 60,
});

/**
 * Security headers. Responses are data and not pages, so nothing in them may run. An SVG that is opened on its own may
 * show its embedded picture and styles.
 */
export const security = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    imgSrc: ["data:"],
    styleSrc: ["'unsafe-inline'"],
    frameAncestors: ["'none'"],
    sandbox: [],
  },
  crossOriginResourcePolicy: "cross-origin",
  crossOriginOpenerPolicy: false,
  referrerPolicy: "no-referrer",
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  xFrameOptions: false,
  xXssProtection: false,
  xDownloadOptions: false,
  xDnsPrefetchControl: false,
  xPermittedCrossDomainPolicies: false,
});
