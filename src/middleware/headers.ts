import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";

/** Headers of the answer to a preflight request. A page may send any other safe header without asking. */
const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET,HEAD,POST,OPTIONS",
  "Access-Control-Allow-Headers": "Accept,Authorization,Content-Type,If-None-Match,Range",
  "Access-Control-Max-Age": String(24 * 60 * 60),
  Vary: "Access-Control-Request-Headers",
};

/**
 * CORS for any origin: the API uses no cookies, so a page can read only what its user could read without it. It is our
 * own because Hono's sets headers before the route answers, and each answer is then made three times.
 */
export const crossOrigin = createMiddleware(async function crossOrigin(context, next) {
  if (context.req.method === "OPTIONS") context.res = context.body(null, 204, PREFLIGHT);
  else await next();
  const { headers } = context.res;
  headers.set("Access-Control-Allow-Origin", "*");
  headers.set("Access-Control-Expose-Headers", "Allow,Content-Range,ETag,Retry-After,Server-Timing,X-Request-Id");
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
