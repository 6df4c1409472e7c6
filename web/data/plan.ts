// From file names to classes. Nothing is read here: which files are photos, which folder is whose class, what is left out
// and why, and what is worth knowing before training.
//
// The folders above the photos are walked down while there is only one with photos in it (a nested root), and through
// folders named train, val, test and the like. The folders met next are the classes; what lies deeper belongs to them.
import type { DataPlan, Finding, SkipReason, Skipped } from '../shared/data-api.ts';
import { dataErrors, findings as sentences, skipSentence } from '../shared/messages.ts';
import { classKey, className, compareNames, showPath } from '../shared/names.ts';
import type { SourceFile } from './source.ts';

export interface PlannedPhoto {
  file: number; // index in the source
  path: string; // as stored
  label: number; // index in `classes`
}

/** photos[id] is what DataApi calls the photo with that id; sorted by path, so that a zip and its folder give the same. */
export interface PhotoPlan extends DataPlan {
  photos: PlannedPhoto[];
  /** Else to test a model, which does not mind small and uneven classes. */
  forTraining: boolean;
}

const photoEndings = /\.(?:jpe?g|jpe|jfif|png|webp|gif|bmp|avif|hei[cf]|tiff?)$/iu;
const junkNames = new Set([
  '__macosx',
  'thumbs.db',
  'desktop.ini',
  '@eadir',
  '$recycle.bin',
  'system volume information',
]);
const splitNames = /^(?:train(?:ing)?|val(?:id|idation)?|test(?:ing)?)(?:[ _-]?(?:set|data|images))?$/iu;
const fewPhotos = 10; // below: a finding
const unevenRatio = 5;

interface Candidate {
  file: number;
  path: string;
  folders: string[];
}

/** `atLeast`: classes needed; 2 to train, 1 to test a model. Errors: no photos, no class folders, one class only. */
export function planPhotos(name: string, files: readonly SourceFile[], atLeast = 2): PhotoPlan {
  const skipped: Skipped[] = [];
  const skip = (path: string, reason: SkipReason): void => {
    skipped.push({ path: showPath(path), reason, detail: skipSentence(reason, path) });
  };
  const candidates = files
    .map((entry, file) => ({ file, path: entry.path, folders: [] as string[] }))
    .sort((a, b) => compareNames(a.path, b.path) || a.file - b.file)
    .filter((candidate) => {
      const entry = files[candidate.file] as SourceFile;
      const reason = judge(entry, candidate);
      if (reason !== null) skip(entry.path, reason);
      return reason === null;
    });
  if (candidates.length === 0) throw nothingToUse(name, files, skipped);

  const level = findClassLevel(candidates);
  for (const { path } of level.strays) skip(path, 'no-class');
  if (level.members.length === 0) throw dataErrors.noClasses(name);
  const grouped = groupClasses(level.members);
  if (grouped.classes.length < atLeast) throw dataErrors.oneClass(name, grouped.classes[0]?.name ?? '');

  return {
    name,
    classes: grouped.classes,
    photoCount: grouped.photos.length,
    totalBytes: grouped.photos.reduce((sum, { file }) => sum + (files[file]?.bytes ?? 0), 0),
    skipped,
    findings: [...level.findings, ...grouped.findings, ...(atLeast < 2 ? [] : countFindings(grouped.classes))],
    photos: grouped.photos,
    forTraining: atLeast >= 2,
  };
}

function nothingToUse(name: string, files: readonly SourceFile[], skipped: readonly Skipped[]): Error {
  if (skipped.some(({ reason }) => reason === 'encrypted')) return dataErrors.encryptedZip(name);
  return files.some(({ skip }) => skip !== undefined) ? dataErrors.innerZips(name) : dataErrors.noPhotos(name);
}

/** Files that systems leave behind, and hidden ones. */
export function isJunkPath(path: string): boolean {
  return foldersOf(path).some((part) => part.startsWith('.') || junkNames.has(part.toLowerCase()));
}

/** Folders and, last, the file. */
function foldersOf(path: string): string[] {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

/** Why a file is no photo of ours, or null; fills in the candidate's folders. */
function judge(entry: SourceFile, candidate: Candidate): SkipReason | null {
  const parts = entry.path.replaceAll('\\', '/').split('/');
  if (parts.includes('..') || parts[0] === '' || /^[a-z]:$/iu.test(parts[0] ?? '') || entry.path.includes('\0')) {
    return 'bad-name';
  }
  candidate.folders = foldersOf(entry.path).slice(0, -1);
  if (isJunkPath(entry.path)) return 'junk';
  if (entry.skip !== undefined) return entry.skip;
  if (!photoEndings.test(entry.path)) return 'not-a-photo';
  if (entry.encrypted) return 'encrypted';
  return null;
}

interface Member extends Candidate {
  folder: string; // the class folder
}
interface ClassLevel {
  members: Member[];
  strays: Candidate[];
  findings: Finding[];
}

function findClassLevel(candidates: Candidate[]): ClassLevel {
  const strays: Candidate[] = [];
  const findings: Finding[] = [];
  const passed: string[] = [];
  let rest = candidates;
  let depth = 0;
  for (;;) {
    const inside = rest.filter(({ folders }) => folders.length > depth);
    strays.push(...rest.filter(({ folders }) => folders.length <= depth));
    const folderAt = (candidate: Candidate): string => candidate.folders[depth] ?? '';
    const names = [...new Set(inside.map(folderAt))];
    const goesDeeper = inside.some(({ folders }) => folders.length > depth + 1);
    const areParts = names.length > 0 && names.every((folder) => splitNames.test(folder));
    if (areParts && (goesDeeper || names.length > 1)) {
      findings.push({ kind: 'split-folders', message: sentences.splitFolders(names) });
    } else if (names.length === 1 && goesDeeper) {
      passed.push(names[0] ?? '');
    } else {
      if (passed.length > 0) findings.unshift({ kind: 'nested-root', message: sentences.nestedRoot(passed.join('/')) });
      return { members: inside.map((candidate) => ({ ...candidate, folder: folderAt(candidate) })), strays, findings };
    }
    rest = inside;
    depth++;
  }
}

interface Group {
  key: string;
  folders: Map<string, number>; // folder as stored -> photos
}

function groupClasses(members: Member[]): Pick<PhotoPlan, 'classes' | 'photos' | 'findings'> {
  const groups = new Map<string, Group>();
  for (const { folder } of members) {
    const key = classKey(folder);
    const group = groups.get(key) ?? { key, folders: new Map<string, number>() };
    group.folders.set(folder, (group.folders.get(folder) ?? 0) + 1);
    groups.set(key, group);
  }
  const findings: Finding[] = [];
  const named = [...groups.values()].map(({ key, folders }) => {
    const byCount = [...folders].sort((a, b) => b[1] - a[1] || compareNames(a[0], b[0]));
    const name = className(byCount[0]?.[0] ?? '');
    if (folders.size > 1) {
      findings.push({
        kind: 'merged-classes',
        message: sentences.merged([...folders.keys()].sort(compareNames), name),
      });
    }
    return { key, name, count: byCount.reduce((sum, [, count]) => sum + count, 0) };
  });
  named.sort((a, b) => compareNames(a.name, b.name));
  const labels = new Map(named.map(({ key }, label) => [key, label]));
  return {
    classes: named.map(({ name, count }) => ({ name, count })),
    photos: members.map(({ file, path, folder }) => ({ file, path, label: labels.get(classKey(folder)) ?? 0 })),
    findings,
  };
}

/** A plan's findings once its photos have been read and some have fallen out; `classes`: those that are left. */
export function recountFindings(plan: PhotoPlan, classes: readonly { name: string; count: number }[]): Finding[] {
  const kept = plan.findings.filter(({ kind }) => kind !== 'small-class' && kind !== 'uneven-classes');
  return plan.forTraining ? [...kept, ...countFindings(classes)] : kept;
}

/** Small and uneven classes. */
function countFindings(classes: readonly { name: string; count: number }[]): Finding[] {
  const findings: Finding[] = classes
    .filter(({ count }) => count < fewPhotos)
    .map(({ name, count }) => ({ kind: 'small-class', message: sentences.smallClass(name, count) }));
  const sorted = [...classes].sort((a, b) => b.count - a.count);
  const [large, small] = [sorted[0], sorted.at(-1)];
  if (large !== undefined && small !== undefined && large.count > unevenRatio * small.count) {
    findings.push({
      kind: 'uneven-classes',
      message: sentences.uneven(large.name, large.count, small.name, small.count),
    });
  }
  return findings;
}
