// A small data set drawn here: classes differ by the direction of their stripes and a tint, and no two pictures are equal.
import { crc32, deflateSync } from 'node:zlib';

/** Truecolour PNG; pixel(x, y) gives [r, g, b], 0 to 255. */
export function png(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows.set(
        pixel(x, y).map((value) => Math.max(0, Math.min(255, Math.round(value)))),
        y * (1 + width * 3) + 1 + x * 3,
      );
    }
  }
  return pngOf(width, height, deflateSync(rows));
}

/** A PNG whose header says what it likes. */
export function pngOf(width: number, height: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, truecolour
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))];
  return new Uint8Array(Buffer.concat([signature, ...chunks]));
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.byteLength);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const directions: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [0.7, 0.7],
];

/** Picture `index` of class `label` (0 to 2). */
export function stripes(label: number, index: number): Uint8Array<ArrayBuffer> {
  const [dx, dy] = directions[label % directions.length] ?? [1, 0];
  const wave = 0.6 + 0.05 * (index % 5);
  const noise = (x: number, y: number): number =>
    ((x * 7919 + y * 104_729 + index * 1_299_709 + label * 15_485_863) % 61) - 30;
  return png(40, 32, (x, y) => {
    const level = 128 + 90 * Math.sin(wave * (dx * x + dy * y) + index);
    return [level + noise(x, y) + (label === 0 ? 30 : 0), level + noise(y, x), level + (label === 2 ? 30 : 0)];
  });
}
