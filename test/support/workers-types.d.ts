/** Types of the platform that `src/storage` names, for tests that run in Node: they import the pipeline, whose runs name the stores. */
type KVNamespace = import("@cloudflare/workers-types").KVNamespace;
type R2Bucket = import("@cloudflare/workers-types").R2Bucket;
