import { describe, expect, it } from 'vitest';
import { openSource } from '../../../web/data/open-source.ts';
import { planPhotos } from '../../../web/data/plan.ts';
import { SkipError, sourceLimits, type Source } from '../../../web/data/source.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { text, zipBytes, type ZipEntryBytes } from './zip-bytes.ts';

const photosIn = (name: string, count = 3): ZipEntryBytes[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.jpg`, data: text(`${name} ${index}`) }));
const zipOf = (name: string, count?: number): ZipEntryBytes => ({
  name: `${name}.zip`,
  data: zipBytes(photosIn(name, count)),
  deflate: true,
});
const open = (entries: readonly ZipEntryBytes[], limits = sourceLimits): Promise<Source> =>
  openSource({ kind: 'zip', name: 'classes.zip', file: new Blob([zipBytes(entries)]) }, {}, limits);
const refusal = async (entries: readonly ZipEntryBytes[]): Promise<string> => {
  const source = await open(entries);
  try {
    planPhotos(source.name, source.files);
  } catch (error) {
    return (error as SortlabError).message;
  }
  throw new Error('the archive was accepted');
};
const read = async (source: Source, path: string): Promise<string> =>
  new TextDecoder().decode(await source.read(source.files.findIndex((file) => file.path === path)));

describe('one zip per class, in a zip', () => {
  it('each stands for a folder of its name, beside folders', async () => {
    const source = await open([zipOf('glass'), zipOf('metal'), { name: 'paper/a.jpg', data: text('paper') }]);
    const plan = planPhotos(source.name, source.files);
    expect(plan.classes).toEqual([
      { name: 'glass', count: 3 },
      { name: 'metal', count: 3 },
      { name: 'paper', count: 1 },
    ]);
    expect(plan.skipped).toEqual([]);
    expect(await read(source, 'metal/2.jpg')).toBe('metal 2');
    expect(await read(source, 'paper/a.jpg')).toBe('paper');
  });

  it('with a folder of the same name inside, stored or deflated, in a root folder', async () => {
    const inner = (name: string): Uint8Array =>
      zipBytes(photosIn(name).map((file) => ({ ...file, name: `${name}/${file.name as string}` })));
    const source = await open([
      { name: 'all/glass.zip', data: inner('glass'), deflate: true },
      { name: 'all/metal.ZIP', data: inner('metal') },
    ]);
    expect(planPhotos(source.name, source.files).classes.map(({ name }) => name)).toEqual(['glass', 'metal']);
    expect(await read(source, 'all/metal/metal/0.jpg')).toBe('metal 0');
  });

  it('one inner zip that holds the class folders is passed through', async () => {
    const data = zipBytes([
      { name: 'glass/1.jpg', data: text('x') },
      { name: 'metal/1.jpg', data: text('y') },
    ]);
    const source = await open([{ name: 'trash.zip', data }]);
    expect(planPhotos(source.name, source.files).classes.map(({ name }) => name)).toEqual(['glass', 'metal']);
  });

  it('several zips dropped together are the same', async () => {
    const files = ['glass', 'metal'].map((name) => ({
      path: `${name}.zip`,
      file: new Blob([zipBytes(photosIn(name))]),
    }));
    const source = await openSource({ kind: 'files', name: '2 zips', files });
    expect(planPhotos(source.name, source.files).classes.map(({ name, count }) => `${name}:${count}`)).toEqual([
      'glass:3',
      'metal:3',
    ]);
    expect(await read(source, 'glass/1.jpg')).toBe('glass 1');
  });
});

describe('an inner zip that cannot be opened is one skipped file', () => {
  const others = [zipOf('glass'), zipOf('metal')];
  const small = { ...sourceLimits, zipBytes: 10_000 };
  it.each<[string, ZipEntryBytes, string, RegExp]>([
    ['no zip', { name: 'x.zip', data: text('not a zip at all') }, 'bad-entry', /“x.zip” inside is damaged or no zip/u],
    ['empty file', { name: 'x.zip' }, 'bad-entry', /damaged or no zip/u],
    ['empty zip', { name: 'x.zip', data: zipBytes([]) }, 'empty', /is empty/u],
    ['folders only', { name: 'x.zip', data: zipBytes([{ name: 'a/' }]) }, 'empty', /is empty/u],
    ['cut', { name: 'x.zip', data: zipBytes(photosIn('x')).slice(0, 100) }, 'bad-entry', /damaged/u],
    ['wrong CRC', { ...zipOf('x'), crc: 1 }, 'bad-entry', /damaged/u],
    ['protected', { ...zipOf('x'), flags: 0x801 }, 'encrypted', /password/u],
    ['too large', { name: 'x.zip', data: new Uint8Array(10_001) }, 'over-limit', /512 MB/u],
    ['a bomb', { name: 'x.zip', data: new Uint8Array(3 * 2 ** 20), deflate: true }, 'over-limit', /swells/u],
    ['too many files', zipOf('x', 11), 'over-limit', /over the limit/u],
  ])('%s', async (what, entry, reason, sentence) => {
    const limits = what === 'too large' ? small : what === 'too many files' ? { ...small, files: 10 } : sourceLimits;
    const source = await open([...others, entry], limits);
    const plan = planPhotos(source.name, source.files);
    expect(plan.classes.map(({ name, count }) => `${name}:${count}`)).toEqual(['glass:3', 'metal:3']);
    expect(plan.skipped.map(({ path, reason: why }) => [path, why])).toEqual([['x.zip', reason]]);
    expect(plan.skipped[0]?.detail).toMatch(sentence);
    await expect(source.read(source.files.findIndex(({ path }) => path === 'x.zip'))).rejects.toThrow(SkipError);
  });

  it('a zip in a zip in a zip stays closed', async () => {
    const deep = zipBytes([...photosIn('metal'), zipOf('deep')]);
    const source = await open([zipOf('glass'), { name: 'metal.zip', data: deep }]);
    const { skipped } = planPhotos(source.name, source.files);
    expect(skipped.map(({ path, reason }) => [path, reason])).toEqual([['metal/deep.zip', 'not-a-photo']]);
    expect(skipped[0]?.detail).toContain('a zip inside a zip, which is one too many');
  });

  it('what systems leave behind is not opened', async () => {
    const source = await open([...others, { name: '__MACOSX/._glass.zip', data: text('x') }]);
    expect(planPhotos(source.name, source.files).skipped.map(({ reason }) => reason)).toEqual(['junk']);
  });

  it('a photo inside that is damaged is skipped alone', async () => {
    const data = zipBytes([
      { name: '1.jpg', data: text('x'), crc: 1 },
      { name: '2.jpg', data: text('y') },
    ]);
    const source = await open([zipOf('glass'), { name: 'metal.zip', data }]);
    await expect(read(source, 'metal/1.jpg')).rejects.toMatchObject({ reason: 'bad-entry' });
    expect(await read(source, 'metal/2.jpg')).toBe('y');
  });

  it('nothing but such zips: one sentence says what to do', async () => {
    expect(await refusal([{ name: 'x.zip', data: text('no') }])).toBe(
      'The zips inside “classes.zip” cannot be opened; unpack them and pack one folder of photos per class.',
    );
    expect(await refusal([{ ...zipOf('x'), flags: 0x801 }])).toContain('protected by a password');
  });

  it('limits hold for all inner zips together', async () => {
    await expect(open([zipOf('glass', 6), zipOf('metal', 6)], { ...sourceLimits, files: 10 })).rejects.toThrow(
      'holds more than 10 files',
    );
    const totalBytes = zipBytes(photosIn('glass')).length + 100;
    const source = await open([zipOf('glass'), zipOf('metal')], { ...sourceLimits, totalBytes });
    expect(planPhotos(source.name, source.files, 1).skipped.map(({ path }) => path)).toEqual(['metal.zip']);
  });

  it('cancel ends it', async () => {
    let asked = 0;
    const throwIfCancelled = (): void => {
      if (++asked > 3) throw new SortlabError('cancelled', 'Cancelled.');
    };
    const file = new Blob([zipBytes([zipOf('glass'), zipOf('metal')])]);
    await expect(openSource({ kind: 'zip', name: 'c.zip', file }, { throwIfCancelled })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
