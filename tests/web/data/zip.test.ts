import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { describe, expect, it } from 'vitest';
import { sourceLimits, SkipError, type Source } from '../../../web/data/source.ts';
import { openSource } from '../../../web/data/open-source.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { text, zipBytes, type ZipEntryBytes } from './zip-bytes.ts';

const open = (bytes: Uint8Array<ArrayBuffer>, limits = sourceLimits): Promise<Source> =>
  openSource({ kind: 'zip', name: 'photos.zip', file: new Blob([bytes]) }, {}, limits);

async function refusal(bytes: Uint8Array<ArrayBuffer>, limits = sourceLimits): Promise<string> {
  try {
    await open(bytes, limits);
  } catch (error) {
    expect(error).toBeInstanceOf(SortlabError);
    return (error as SortlabError).message;
  }
  throw new Error('the archive was accepted');
}

async function skipReason(source: Source, index: number): Promise<string> {
  try {
    await source.read(index);
  } catch (error) {
    expect(error).toBeInstanceOf(SkipError);
    return (error as SkipError).reason;
  }
  return 'read';
}

describe('a good zip', () => {
  it('written by zip.js is listed without folders and read photo by photo', async () => {
    const writer = new ZipWriter(new BlobWriter());
    await writer.add('glass/', undefined, { directory: true });
    await writer.add('glass/a.jpg', new Uint8ArrayReader(new Uint8Array(5000).fill(7)));
    await writer.add('Müll/b.jpg', new TextReader('hello'));
    const source = await openSource({ kind: 'zip', name: 'photos.zip', file: await writer.close() });
    expect(source.files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['glass/a.jpg', 5000],
      ['Müll/b.jpg', 5],
    ]);
    expect(new TextDecoder().decode(await source.read(1))).toBe('hello');
    expect((await source.read(0)).every((byte) => byte === 7)).toBe(true);
    expect(await source.read(0), 'a second time').toHaveLength(5000);
  });

  it('may be read at many places at once', async () => {
    const entries = Array.from({ length: 40 }, (_, index) => ({
      name: `a/${index}.jpg`,
      data: text(`photo ${index}`),
      deflate: index % 2 === 0,
    }));
    const source = await open(zipBytes(entries));
    const read = await Promise.all(entries.map((_, index) => source.read(index)));
    read.forEach((bytes, index) => expect(new TextDecoder().decode(bytes)).toBe(`photo ${index}`));
  });

  it('keeps names as they are: UTF-8 without its flag, Code Page 437, ways out of the folder, markup', async () => {
    const names: ZipEntryBytes[] = [
      { name: text('Müll/a.jpg'), flags: 0, data: text('1') },
      { name: new Uint8Array([0x4d, 0x81, 0x6c, 0x6c, 0x2f, 0x62]), flags: 0, data: text('2') }, // Müll/b
      { name: '../../etc/passwd', data: text('3') },
      { name: '<img onerror=alert(1)>/c.jpg', data: text('4') },
    ];
    const source = await open(zipBytes(names));
    expect(source.files.map(({ path }) => path)).toEqual([
      'Müll/a.jpg',
      'Müll/b',
      '../../etc/passwd',
      '<img onerror=alert(1)>/c.jpg',
    ]);
  });
});

describe('what is not a zip, or not a sound one', () => {
  const good = zipBytes([
    { name: 'a/1.jpg', data: text('one photo') },
    { name: 'b/2.jpg', data: text('another photo') },
  ]);
  it.each([
    ['no bytes', new Uint8Array(0)],
    ['two bytes', text('PK')],
    ['a text', text('hello, this is no zip at all, but quite long all the same')],
    ['a JPEG', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
  ])('%s: not a zip', async (_, bytes) => {
    expect(await refusal(new Uint8Array(bytes))).toBe(
      '“photos.zip” is not a zip file; choose a .zip or a folder with one folder of photos per class.',
    );
  });

  it('empty', async () => {
    expect(await refusal(zipBytes([]))).toBe('“photos.zip” is empty; pack one folder of photos per class.');
    expect(await refusal(zipBytes([{ name: 'only-a-folder/' }]))).toContain('is empty');
  });

  it.each([1, 30, 60, good.length - 23, good.length - 10, good.length - 1])('cut after %i bytes', async (length) => {
    expect(await refusal(good.slice(0, length))).toMatch(/is not a zip file|is damaged or ambiguous/u);
  });

  it('bytes before and after it', async () => {
    const after = new Uint8Array([...good, ...text('appended')]);
    expect(await refusal(after)).toContain('damaged or ambiguous');
    const twice = new Uint8Array([...good, ...good]);
    expect(await refusal(twice)).toContain('damaged or ambiguous');
  });

  it('56 bytes that claim 65,535 entries end at once', async () => {
    const bytes = new Uint8Array(56);
    bytes.set([0x50, 0x4b, 3, 4]);
    const view = new DataView(bytes.buffer);
    view.setUint32(34, 0x06054b50, true);
    view.setUint16(42, 0xffff, true);
    view.setUint16(44, 0xffff, true);
    view.setUint32(46, 0xffffffff, true);
    view.setUint32(50, 0xffffffff, true);
    const begun = performance.now();
    expect(await refusal(bytes)).toContain('damaged or ambiguous');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('the same name twice', async () => {
    const bytes = zipBytes([
      { name: 'a/1.jpg', data: text('x') },
      { name: 'a/1.jpg', data: text('y') },
    ]);
    expect(await refusal(bytes)).toContain('damaged or ambiguous');
  });

  it('more files than the limit', async () => {
    const entries = Array.from({ length: 11 }, (_, index) => ({ name: `a/${index}.jpg`, data: text('x') }));
    expect(await refusal(zipBytes(entries), { ...sourceLimits, files: 10 })).toBe(
      '“photos.zip” holds more than 10 files; split it into smaller parts.',
    );
    expect((await open(zipBytes(entries.slice(1)), { ...sourceLimits, files: 10 })).files).toHaveLength(10);
  });
});

describe('single entries that are not sound are skipped, the others are read', () => {
  const sound: ZipEntryBytes = { name: 'a/sound.jpg', data: text('sound') };
  const zeros = new Uint8Array(3 * 2 ** 20);
  it.each<[string, ZipEntryBytes, string]>([
    ['wrong CRC', { name: 'a/x.jpg', data: text('photo'), crc: 1 }, 'bad-entry'],
    ['wrong CRC, deflated', { name: 'a/x.jpg', data: text('photo'), deflate: true, crc: 1 }, 'bad-entry'],
    ['encrypted', { name: 'a/x.jpg', data: text('photo'), flags: 0x801 }, 'encrypted'],
    ['unknown method', { name: 'a/x.jpg', data: text('photo'), method: 97 }, 'bad-entry'],
    ['no deflate data', { name: 'a/x.jpg', data: text('photo'), method: 8, stored: text('\xff\xff\xff') }, 'bad-entry'],
    ['cut deflate data', { name: 'a/x.jpg', data: zeros, method: 8, stored: text('\x63') }, 'bad-entry'],
    ['another name before the data', { name: 'a/x.jpg', data: text('photo'), localName: 'b/y.jpg' }, 'bad-entry'],
    ['data out of bounds', { name: 'a/x.jpg', data: text('photo'), localOffset: 1_000_000 }, 'bad-entry'],
    ['a size that lies', { name: 'a/x.jpg', data: text('photo'), deflate: true, size: 4_000_000_000 }, 'bad-entry'],
    ['a bomb', { name: 'a/x.jpg', data: zeros, deflate: true }, 'over-limit'],
    [
      'a bomb that claims to be small',
      { name: 'a/x.jpg', data: zeros, deflate: true, size: 10 },
      'over-limit|bad-entry',
    ],
  ])('%s', async (_, entry, reason) => {
    const source = await open(zipBytes([sound, entry, { ...sound, name: 'a/later.jpg' }]));
    expect(await skipReason(source, 1)).toMatch(new RegExp(`^(?:${reason})$`, 'u'));
    expect(await skipReason(source, 0)).toBe('read');
    expect(await skipReason(source, 2)).toBe('read');
  });

  it('two entries over the same bytes: the second is refused', async () => {
    const source = await open(
      zipBytes([
        { name: 'a/1.jpg', data: text('photo') },
        { name: 'a/2.jpg', data: text('photo'), localOffset: 0 },
      ]),
    );
    expect(await skipReason(source, 0)).toBe('read');
    expect(await skipReason(source, 1)).toBe('bad-entry');
  });

  it('limits are counted while inflating', async () => {
    const limits = { ...sourceLimits, fileBytes: 1000, totalBytes: 1500 };
    const data = new Uint8Array(Buffer.from(Array.from({ length: 900 }, (_, index) => index % 251)));
    const source = await open(
      zipBytes([
        { name: 'a/large.jpg', data: new Uint8Array(1001) },
        { name: 'a/1.jpg', data: data.slice(0, 400) },
        { name: 'a/2.jpg', data },
      ]),
      limits,
    );
    expect(await skipReason(source, 0)).toBe('over-limit');
    expect(await skipReason(source, 1)).toBe('read');
    expect(await skipReason(source, 1), 'again: counted once').toBe('read');
    expect(await skipReason(source, 2), 'the total').toBe('over-limit');
  });

  it('zeros within the ratio are fine', async () => {
    const source = await open(zipBytes([{ name: 'a/1.jpg', data: new Uint8Array(2 ** 20), deflate: true }]));
    expect(await source.read(0)).toHaveLength(2 ** 20);
  });
});
