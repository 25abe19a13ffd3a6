import type { HostScript } from "./hosted/script.ts";

/** yyjim/segment-anything-tryout at Replicate, and its version whose schema our code knows. */
export const SAM = "yyjim/segment-anything-tryout";
export const SAM_VERSION = "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792";

export const uri = { type: "string", format: "uri" };

/** A version's `openapi_schema`, in the form in which Cog writes it. */
export function versionSchema(
  properties: object,
  required: readonly string[] = ["image"],
  output: object = { type: "array", items: uri },
) {
  return {
    openapi: "3.0.2",
    components: { schemas: { Input: { type: "object", required, properties }, Output: output } },
  };
}

/** The schema that Replicate publishes for that version (docs/reference/hosted-models.md, "Models"). */
export const SAM_SCHEMA = versionSchema({
  image: uri,
  box: { type: "string" },
  mask_only: { type: "boolean" },
  multimask_output: { type: "boolean" },
});

/** A host that has the model with this schema. */
export const hosting = (openapi_schema: object, id = SAM_VERSION): HostScript => ({
  models: { [SAM]: { versions: [{ id, openapi_schema: openapi_schema as Record<string, unknown> }] } },
});
