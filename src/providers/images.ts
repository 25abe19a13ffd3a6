/**
 * The part of the platform's Images binding that is used (developers.cloudflare.com/images/transform-images/bindings).
 */
export interface Images {
  input(bytes: ReadableStream<Uint8Array>): ImageTransform;
}

export interface ImageTransform {
  transform(options: { width: number; height: number; fit: "scale-down" }): ImageTransform;
  output(options: { format: "image/jpeg"; quality: number; background: string; anim: boolean }): Promise<{
    image(): ReadableStream<Uint8Array>;
  }>;
}
