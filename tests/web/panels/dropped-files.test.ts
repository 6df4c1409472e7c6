import { expect, it } from 'vitest';
import { droppedFiles } from '../../../web/panels/parts/dropped-files.ts';

type Tree = { [name: string]: Tree | 'file' | 'unreadable' };

/** readEntries gives two at a time, so that a reader that asks only once loses files. */
function entryOf(name: string, tree: Tree[string]): FileSystemEntry {
  if (tree === 'file' || tree === 'unreadable') {
    const file = (done: (file: File) => void, failed: () => void) =>
      tree === 'file' ? done(new File(['x'], name)) : failed();
    return { isFile: true, isDirectory: false, name, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(tree).map(([child, below]) => entryOf(child, below));
    return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(left.splice(0, 2)) };
  };
  return { isFile: false, isDirectory: true, name, createReader } as unknown as FileSystemEntry;
}

function transferOf(dropped: Tree): DataTransfer {
  const entries = Object.entries(dropped).map(([name, tree]) => entryOf(name, tree));
  const files = Object.entries(dropped)
    .filter(([, tree]) => tree === 'file')
    .map(([name]) => new File(['x'], name));
  return { items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files } as unknown as DataTransfer;
}

const paths = async (tree: Tree) => (await droppedFiles(transferOf(tree))).map(({ path }) => path);

it('takes single files by name', async () => {
  expect(await paths({ 'a.zip': 'file' })).toEqual(['a.zip']);
  expect(await paths({})).toEqual([]);
});

it('walks folders to their end and keeps the paths', async () => {
  const glass = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`${index}.jpg`, 'file' as const]));
  const found = await paths({ photos: { glass, paper: { deep: { '1.jpg': 'file' } } } });
  expect(found).toEqual([...[0, 1, 2, 3, 4].map((one) => `photos/glass/${one}.jpg`), 'photos/paper/deep/1.jpg']);
});

it('leaves out what cannot be read and what lies too deep', async () => {
  let deep: Tree = { '1.jpg': 'file' };
  for (let depth = 0; depth < 20; depth += 1) deep = { folder: deep };
  expect(await paths({ top: { 'a.jpg': 'unreadable', 'b.jpg': 'file' }, deep })).toEqual(['top/b.jpg']);
});
