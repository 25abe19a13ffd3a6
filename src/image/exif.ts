import { concat, hasAscii, viewOf } from "./bytes.ts";

/** The tag "Orientation" (EXIF 2.32, section 4.6.4), whose value is of the type SHORT. */
const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** The orientation in a TIFF structure (EXIF without its "Exif" marker), 1 to 8; 1 when there is none to read. */
export function readOrientation(tiff: Uint8Array): number {
  const little = hasAscii(tiff, 0, "II*\0");
  if (!little && !hasAscii(tiff, 0, "MM\0*")) return 1;
  if (tiff.length < 8) return 1;
  const view = viewOf(tiff);
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION || view.getUint16(entry + 2, little) !== SHORT) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** A TIFF structure whose only tag is the orientation. */
export function orientationOnly(orientation: number): Uint8Array {
  const tiff = new Uint8Array(26);
  tiff.set(new TextEncoder().encode("MM\0*"));
  const view = viewOf(tiff);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}

/** "Exif" and two zeros: precedes the TIFF structure in JPEG, and sometimes in WebP. */
const MARKER = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);

/** The TIFF structure with its "Exif" marker. */
export function withMarker(tiff: Uint8Array): Uint8Array {
  return concat([MARKER, tiff]);
}

/** The TIFF structure without its "Exif" marker, if it has one. */
export function withoutMarker(exif: Uint8Array): Uint8Array {
  return hasAscii(exif, 0, "Exif\0\0") ? exif.subarray(MARKER.length) : exif;
}
