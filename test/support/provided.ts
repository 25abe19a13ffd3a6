declare module "vitest" {
  interface ProvidedContext {
    /** `[env.production.vars]` of wrangler.toml, from vitest.config.ts. */
    production: Readonly<Record<string, string>>;
    /** The folder in which the tests of a run share what they built, from test/edge/global-setup.ts. */
    built: string;
  }
}

export {};
