/** Types of the platform that `src/storage` names. Tests in Node need them, as the pipeline that they import does. */
type KVNamespace = import("@cloudflare/workers-types").KVNamespace;
type R2Bucket = import("@cloudflare/workers-types").R2Bucket;
