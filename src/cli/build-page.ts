import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
    await runVite();
  } catch (cause) {
    throw new AppError(
      'page_not_built',
      'The page could not be built. Run "npm ci" with development packages (not with --omit=dev) and then "npm run build".',
      { cause },
    );
  }
  writeFileSync(stamp, fingerprint);
}

/** In a process of its own: the build's hundreds of megabytes go when it ends. */
async function runVite(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('vite/package.json');
  const program = path.join(path.dirname(manifest), 'bin/vite.js');
  const child = spawn(process.execPath, [program, 'build', '--logLevel', 'error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`vite build ended with code ${code}`);
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
