import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS } from '../src/platform/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test('docs/settings.md lists exactly the settings that are read, with their fallbacks', () => {
  const rows = read('docs/settings.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name, fallback, description]) => ({ name, fallback, description }));
  expect(rows).toEqual(SETTINGS);
});

test('links between documents lead somewhere', () => {
  for (const file of [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'STYLE.md',
    'CHANGELOG.md',
  ]) {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!);
    for (const link of links)
      expect(existsSync(path.join(root, link)), `${file} → ${link}`).toBe(true);
  }
});

test('ARCHITECTURE.md stays a page', () => {
  expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(150);
});
