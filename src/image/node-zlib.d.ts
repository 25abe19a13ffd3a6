/** What the Worker uses of Node's modules, which workerd has. The platform's types do not describe them. */
declare module "node:zlib" {
  export const constants: { readonly Z_RLE: number };
  export function deflateSync(bytes: Uint8Array, options: { readonly strategy: number }): Uint8Array<ArrayBuffer>;
}
