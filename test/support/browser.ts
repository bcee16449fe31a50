import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { inflate } from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];

/** The Chromium that the lockfile brings, with the libraries and fonts packed beside it; CHROMIUM_PATH names another. */
export async function launchBrowser(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
  ];
  const own = process.env.CHROMIUM_PATH;
  const folder = own ? null : await unpack();
  return await chromium.launch({
    executablePath: own ?? path.join(folder!, 'chromium'),
    headless: true,
    args: [...args, '--hide-scrollbars', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    ...(folder ? { env: { ...cleanEnv(), ...(await libraries(folder)) } } : {}),
  });
}

function cleanEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

async function libraries(folder: string): Promise<Record<string, string>> {
  return {
    LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
    FONTCONFIG_FILE: await describeFonts(folder),
  };
}

/** The list of fonts that is packed along names folders of another machine, and without any font Chromium ends at the first input. */
async function describeFonts(folder: string): Promise<string> {
  const file = path.join(folder, 'found-fonts.conf');
  if (existsSync(file)) return file;
  const fonts = path.join(folder, 'fonts');
  const staging = `${file}-${process.pid}`;
  await writeFile(
    staging,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><dir>/usr/share/fonts</dir><cachedir>${path.join(folder, 'fonts-cache')}</cachedir></fontconfig>`,
  );
  await rename(staging, file);
  return file;
}

/** Unpacks once a user and version. Whoever comes first wins; the others throw their copy away. */
async function unpack(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const root = path.resolve(path.dirname(entry), '..');
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = os.tmpdir();
  const folder = path.join(home, `headwater-chromium-${process.getuid?.() ?? 0}-${version}`);
  if (existsSync(folder)) return folder;
  const staging = await mkdtemp(`${folder}-`);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = staging; // where the package unpacks to
  try {
    for (const archive of ARCHIVES) await inflate(path.join(root, 'bin', archive));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  await rename(staging, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (!existsSync(folder)) throw error;
    await rm(staging, { recursive: true });
  });
  return folder;
}
