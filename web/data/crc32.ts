// The checksum of zip and PNG: CRC-32 (ISO 3309, ITU-T V.42), byte by byte with a table.
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** Of `bytes` behind others, whose checksum is `before` (0: there are none); 0 to 2^32 - 1. */
export function crc32(before: number, bytes: Uint8Array): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}
