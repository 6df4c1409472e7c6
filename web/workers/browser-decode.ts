// The browser's own decoder, for formats ours does not read (WebP, AVIF, GIF, HEIC on some devices).
import type { BrowserDecode } from './photo-decoder.ts';

const pixelLimit = 16_000_000; // more is drawn smaller: four bytes a pixel, twice

/** null where the platform has no decoder in workers (Node, old browsers). */
export function browserDecoder(): BrowserDecode | null {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') return null;
  return async (bytes) => {
    let bitmap: ImageBitmap;
    try {
      bitmap = await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' });
    } catch {
      return null;
    }
    const scale = Math.min(1, Math.sqrt(pixelLimit / (bitmap.width * bitmap.height)));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    try {
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      if (context === null) return null;
      context.drawImage(bitmap, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, pixels: new Uint8Array(data.buffer) };
    } finally {
      bitmap.close();
    }
  };
}
