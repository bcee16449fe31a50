import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/index.ts';
import type { Log } from '../platform/index.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where the built page lies. */
export const WEB_ROOT = path.join(ROOT, 'dist/web');

/**
 * Builds the page when it is missing or older than its sources (a fingerprint of their contents is
 * kept beside it). Takes some seconds once after an install or an upgrade.
 */
export async function ensurePage(webRoot: string, log: Log): Promise<void> {
  const stamp = path.join(webRoot, '.fingerprint');
  const fingerprint = fingerprintSources();
  const built = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
  if (built && existsSync(path.join(webRoot, 'index.html'))) return;
  log.info('building the page');
  try {
    const { build } = await import('vite');
    await build({
      root: path.join(ROOT, 'src/web'),
      configFile: path.join(ROOT, 'vite.config.ts'),
      logLevel: 'error',
    });
  } catch (cause) {
    throw new AppError(
      'page_not_built',
      'The page could not be built. Run "npm ci" with development packages (not with --omit=dev) and then "npm run build".',
      { cause },
    );
  }
  writeFileSync(stamp, fingerprint);
}

/** One hash over everything the page is made from. */
function fingerprintSources(): string {
  const hash = createHash('sha256');
  const add = (file: string) => hash.update(file).update(readFileSync(path.join(ROOT, file)));
  for (const file of ['package-lock.json', 'vite.config.ts']) add(file);
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join('src', file))
    .filter((file) =>
      /^src[\\/](web[\\/].*\.\w+|api[\\/]contract[\\/].*\.ts|\w+[\\/]definition\.ts)$/.test(file),
    )
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
  for (const file of sources) add(file);
  return hash.digest('hex');
}
