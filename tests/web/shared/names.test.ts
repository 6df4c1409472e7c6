import { describe, expect, it } from 'vitest';
import {
  classKey,
  className,
  compareNames,
  maxClassNameLength,
  showName,
  showPath,
} from '../../../web/shared/names.ts';

describe('names that are shown', () => {
  it.each([
    ['glass', 'glass'],
    ['<img onerror=alert(1)>', '<img onerror=alert(1)>'],
    ['a\u202egpj.exe', 'a\\u202egpj.exe'],
    ['tab\there', 'tab\\u0009here'],
    ['nul\0', 'nul\\u0000'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['half \ud83d', 'half \\ud83d'],
    ['👩‍🔬 ok', '👩‍🔬 ok'],
    ['मराठी', 'मराठी'],
  ])('%j is shown as %j', (name, shown) => expect(showName(name)).toBe(shown));

  it('cuts long names at their end and long paths at their front, by characters', () => {
    const long = '👋'.repeat(500);
    expect([...showName(long)]).toHaveLength(maxClassNameLength);
    expect(showName(long).endsWith('👋…')).toBe(true);
    const path = showPath(`${'a/'.repeat(500)}photo.jpg`);
    expect(path.startsWith('…')).toBe(true);
    expect(path.endsWith('/photo.jpg')).toBe(true);
    expect([...path]).toHaveLength(200);
  });
});

describe('names that are compared', () => {
  it.each([
    ['Glass', 'glass'],
    ['Müll', 'Mu\u0308ll'],
    ['STRASSE', 'straße'],
    ['  two  words ', 'two words'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
  ])('%j and %j are one class', (a, b) => expect(classKey(a)).toBe(classKey(b)));

  it('keeps different classes apart', () => {
    expect(classKey('glass')).not.toBe(classKey('glas'));
    expect(classKey('a')).not.toBe(classKey('á'));
  });

  it('composes and trims what becomes a class name', () => {
    expect(className(' Mu\u0308ll ')).toBe('Müll');
    expect(className(' ')).toBe('(no name)');
  });

  it('orders by code units, not by language', () => {
    expect(['b', 'Z', 'ä', 'a'].sort(compareNames)).toEqual(['Z', 'a', 'b', 'ä']);
  });
});
