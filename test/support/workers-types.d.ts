/** Types of the platform that `src/` names. Tests in Node need them, as the code that they import does. */
type KVNamespace = import("@cloudflare/workers-types").KVNamespace;
type R2Bucket = import("@cloudflare/workers-types").R2Bucket;
type DurableObjectNamespace<Served extends import("@cloudflare/workers-types").Rpc.DurableObjectBranded> =
  import("@cloudflare/workers-types").DurableObjectNamespace<Served>;

declare module "cloudflare:workers" {
  export abstract class DurableObject {
    readonly __DURABLE_OBJECT_BRAND: never;
    protected readonly ctx: import("@cloudflare/workers-types").DurableObjectState;
    alarm?(): Promise<void>;
  }
}
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.ttf.gz" {
  const bytes: ArrayBuffer;
  export default bytes;
}
declare module "*.ttf" {
  const bytes: ArrayBuffer;
  export default bytes;
}
