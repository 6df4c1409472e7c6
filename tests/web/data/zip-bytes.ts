// Zips made by hand, so that any field can lie.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntryBytes {
  name: string | Uint8Array;
  data?: Uint8Array;
  deflate?: boolean;
  // Lies; left out: the truth.
  crc?: number;
  size?: number;
  flags?: number;
  method?: number;
  stored?: Uint8Array; // what lies in the archive instead of the (deflated) data
  localName?: string;
  localOffset?: number; // in the central directory
}

export interface ZipLies {
  entryCount?: number;
  comment?: Uint8Array;
}

export function zipBytes(entries: readonly ZipEntryBytes[], lies: ZipLies = {}): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.data ?? new Uint8Array(0);
    const method = entry.method ?? (entry.deflate === true ? 8 : 0);
    const stored = entry.stored ?? (method === 8 ? deflateRawSync(data) : data);
    const name = Buffer.from(entry.name);
    const localName = entry.localName === undefined ? name : Buffer.from(entry.localName);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(entry.flags ?? 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(0x58210000, 6); // time and date
    common.writeUInt32LE(entry.crc ?? crc32(data), 10);
    common.writeUInt32LE(stored.byteLength, 14);
    common.writeUInt32LE(entry.size ?? data.byteLength, 18);
    common.writeUInt16LE(localName.byteLength, 22);
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), common, localName, Buffer.from(stored));
    const directory = Buffer.alloc(46);
    directory.writeUInt32LE(0x02014b50, 0);
    directory.writeUInt16LE(20, 4);
    common.copy(directory, 6, 0, 26);
    directory.writeUInt16LE(name.byteLength, 28);
    directory.writeUInt32LE(entry.localOffset ?? offset, 42);
    central.push(directory, name);
    offset += 30 + localName.byteLength + stored.byteLength;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const count = lies.entryCount ?? entries.length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, directory, end]));
}

export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
