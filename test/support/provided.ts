declare module "vitest" {
  interface ProvidedContext {
    /** `[env.production.vars]` of wrangler.toml, from vitest.config.ts. */
    production: Readonly<Record<string, string>>;
  }
}

export {};
