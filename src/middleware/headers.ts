import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";

/** Any page may call the API: there are no cookies that a browser could add, and answers are for whoever asks. */
export const crossOrigin = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD", "POST", "OPTIONS"],
  allowHeaders: ["Accept", "Authorization", "Content-Type", "If-None-Match", "Range"],
  exposeHeaders: ["Allow", "Content-Range", "ETag", "X-Request-Id"],
  maxAge: 24 * 60 * 60,
});

/**
 * Answers are data and never pages: nothing in them may run, and an SVG that is opened alone may show its own picture
 * and style.
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
