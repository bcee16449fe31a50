import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

// The house as a table. Change it here and in ARCHITECTURE.md together; there is no list of exceptions.
const ROOMS: Record<string, readonly string[]> = {
  platform: [],
  access: [],
  objects: [],
  people: ['objects'],
  activities: ['objects', 'people'],
  stripe: ['objects', 'people', 'activities'],
  metrics: ['objects', 'people'],
  audiences: ['objects', 'people', 'activities', 'metrics'],
  reports: ['objects', 'people', 'activities', 'metrics', 'audiences'],
  messages: ['people', 'activities'],
  playbooks: ['people', 'activities', 'audiences', 'messages'],
  templates: ['audiences', 'reports', 'messages', 'playbooks', 'activities'],
  worker: ['*'],
  api: ['*'],
  cli: ['*'],
  web: [],
};

/** Who alone may insert, update or delete each table. `x_*` covers every table that begins so. */
const WRITERS: Record<string, string> = {
  users: 'access',
  sessions: 'access',
  audit_log: 'access',
  settings: 'access',
  sources: 'stripe',
  sync_runs: 'stripe',
  sync_ranges: 'stripe',
  source_checks: 'stripe',
  webhook_hours: 'stripe',
  limiter_shares: 'stripe',
  source_removals: 'stripe',
  'stripe.*': 'objects',
  people: 'people',
  person_keys: 'people',
  person_state: 'people',
  person_marks: 'people',
  activity_types: 'activities',
  activities: 'activities',
  activity_payloads: 'activities',
  person_activity_totals: 'activities',
  activity_instants: 'activities',
  mrr_versions: 'metrics',
  mrr_movements: 'metrics',
  mrr_days: 'metrics',
  audiences: 'audiences',
  audience_members: 'audiences',
  audience_instants: 'audiences',
  emails: 'messages',
  suppressions: 'messages',
  consents: 'messages',
  outbox: 'messages',
  playbooks: 'playbooks',
  playbook_versions: 'playbooks',
  playbook_runs: 'playbooks',
  playbook_steps: 'playbooks',
  dashboards: 'reports',
  installed_templates: 'templates',
};

const ROOT = path.resolve(import.meta.dirname, '..');
const SRC = path.join(ROOT, 'src');

interface SourceFile {
  file: string; // relative to the repository
  room: string;
  text: string;
  imports: string[];
  test: boolean;
}

function readTree(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const absolute = path.join(entry.parentPath, entry.name);
      const text = readFileSync(absolute, 'utf8');
      const inside = path.relative(SRC, absolute);
      const room = inside.includes(path.sep) ? inside.split(path.sep)[0]! : 'main';
      const imports = [...text.matchAll(/(?:from\s+|import\s*\(?\s*)'([^']+)'/g)].map((m) => m[1]!);
      return {
        file: path.relative(ROOT, absolute),
        room,
        text,
        imports,
        test: /\.test\.tsx?$/.test(entry.name) || /[\\/]fixtures[\\/]/.test(absolute),
      };
    });
}

const files = readTree(SRC);
const sources = files.filter((file) => !file.test);

/** The room and the path inside it that a relative import leads to; null when it stays at home. */
function target(from: SourceFile, specifier: string): { room: string; inner: string } | null {
  if (!specifier.startsWith('.')) return null;
  const absolute = path.resolve(ROOT, path.dirname(from.file), specifier);
  const inside = path.relative(SRC, absolute);
  if (inside.startsWith('..'))
    return { room: inside.split(path.sep).find((part) => part !== '..')!, inner: '' };
  const [room, ...inner] = inside.split(path.sep);
  return room === from.room ? null : { room: room!, inner: inner.join('/') };
}

function complaint(file: SourceFile, specifier: string, rule: string): string {
  return `${file.file} imports ${specifier}: ${rule} (ARCHITECTURE.md, Rules)`;
}

describe('rooms and doors', () => {
  test('every folder of src is a room of the table', () => {
    const unknown = new Set(
      files.map((file) => file.room).filter((room) => room !== 'main' && !(room in ROOMS)),
    );
    expect([...unknown]).toEqual([]);
  });

  test('a room imports only the rooms it may, and only through their door', () => {
    const found = sources.flatMap((file) =>
      file.imports.flatMap((specifier) => {
        const to = target(file, specifier);
        if (!to || file.room === 'main') return [];
        if (!(to.room in ROOMS))
          return [complaint(file, specifier, 'source code imports nothing outside src/')];
        if (file.room === 'web') {
          const allowed =
            to.inner === 'definition.ts' || (to.room === 'api' && to.inner.startsWith('contract/'));
          return allowed
            ? []
            : [complaint(file, specifier, 'web reads definition.ts and api/contract only')];
        }
        const may = ROOMS[file.room]!;
        const contract = file.room === 'api' && to.inner === 'definition.ts';
        if (to.room !== 'platform' && !may.includes('*') && !may.includes(to.room)) {
          return [complaint(file, specifier, `${file.room} may not import ${to.room}`)];
        }
        if (to.inner === 'index.ts' || contract) return [];
        if (file.room === 'worker' && to.inner === 'jobs.ts') return [];
        // A definition is browser-safe and may build on the definition of a room below.
        if (/(^|\/)definition\.ts$/.test(file.file) && to.inner === 'definition.ts') return [];
        return [complaint(file, specifier, `another room is entered through its index.ts`)];
      }),
    );
    expect(found).toEqual([]);
  });

  test('rooms have no cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const file of sources) {
      for (const specifier of file.imports) {
        const to = target(file, specifier);
        if (to && to.room in ROOMS)
          edges.set(file.room, (edges.get(file.room) ?? new Set()).add(to.room));
      }
    }
    const seen = new Map<string, 'open' | 'done'>();
    const visit = (room: string, trail: string[]): void => {
      if (seen.get(room) === 'done') return;
      expect(seen.get(room), `cycle: ${[...trail, room].join(' → ')}`).toBeUndefined();
      seen.set(room, 'open');
      for (const next of edges.get(room) ?? []) visit(next, [...trail, room]);
      seen.set(room, 'done');
    };
    for (const room of edges.keys()) visit(room, []);
  });

  test('the simulator and the product know each other only over HTTP', () => {
    const fromSimulator = readTree(path.join(ROOT, 'simulator')).filter((file) =>
      file.imports.some((specifier) => /(^|\/)\.\.\/src\//.test(specifier)),
    );
    expect(fromSimulator.map((file) => file.file)).toEqual([]);
  });

  test('definitions are safe in a browser', () => {
    const found = sources
      .filter((file) => /(definition\.ts|api\/contract\/.*)$/.test(file.file))
      .flatMap((file) =>
        file.imports
          .filter(
            (specifier) => !specifier.startsWith('typebox') && !specifier.endsWith('definition.ts'),
          )
          .filter(
            (specifier) => !(file.file.includes('api/contract/') && specifier.startsWith('./')),
          )
          .map((specifier) =>
            complaint(file, specifier, 'a definition imports typebox and other definitions only'),
          ),
      );
    expect(found).toEqual([]);
  });

  test('features of the page never import each other', () => {
    const found = sources
      .filter((file) => file.file.startsWith('src/web/features/'))
      .flatMap((file) => {
        const own = file.file.split('/')[3];
        return file.imports
          .filter((specifier) => specifier.startsWith('.'))
          .filter((specifier) => {
            const to = path
              .relative(ROOT, path.resolve(ROOT, path.dirname(file.file), specifier))
              .split(path.sep);
            return to[2] === 'features' && to[3] !== own;
          })
          .map((specifier) => complaint(file, specifier, 'app/ composes features'));
      });
    expect(found).toEqual([]);
  });
});

describe('what belongs where', () => {
  const offenders = (pattern: RegExp, allowed: (file: SourceFile) => boolean): string[] =>
    sources.filter((file) => !allowed(file) && pattern.test(file.text)).map((file) => file.file);

  test('the Stripe SDK is known in stripe, metrics and the simulator', () => {
    expect(offenders(/from 'stripe'/, (file) => ['stripe', 'metrics'].includes(file.room))).toEqual(
      [],
    );
  });

  test('React is known in web', () => {
    expect(
      offenders(
        /from '(react|react-dom|@mantine|@tanstack|echarts|@xyflow)/,
        (file) => file.room === 'web',
      ),
    ).toEqual([]);
  });

  test('HTTP servers and statuses are known in api and stripe', () => {
    const http = /from '(fastify|node:http|node:https|@fastify\/)|status_?[cC]ode\b/;
    expect(offenders(http, (file) => ['api', 'stripe', 'web'].includes(file.room))).toEqual([]);
  });

  test('time comes from the clock that is passed', () => {
    // Bookkeeping of the process itself (timers, rates of a progress bar) may use performance.now().
    const allowed = (file: SourceFile) =>
      ['web', 'cli', 'main'].includes(file.room) || file.file === 'src/platform/clock.ts';
    const code = sources.filter((file) => !allowed(file));
    const found = code.filter((file) =>
      /new Date\(\)|Date\.now\(\)/.test(withoutComments(file.text)),
    );
    // The webhook door alone needs the wall clock: a signature's age is measured by it.
    expect(
      found
        .map((file) => file.file)
        .filter((file) => !/^src\/api\/routes\/webhooks?\.ts$/.test(file)),
    ).toEqual([]);
  });

  test('there are no module mocks', () => {
    const mocked = [
      ...files,
      ...readTree(path.join(ROOT, 'test')),
      ...readTree(path.join(ROOT, 'simulator')),
    ].filter((file) => /\b(vi|jest)\.(mock|doMock|hoisted)\(/.test(file.text));
    expect(mocked.map((file) => file.file)).toEqual([]);
  });

  test('nothing is called utils, helpers, common, manager or service', () => {
    const bad = files.filter((file) =>
      /(^|[/-])(utils?|helpers?|common|managers?|services?)(\.tsx?$|[/-])/.test(file.file),
    );
    expect(bad.map((file) => file.file)).toEqual([]);
  });
});

describe('one writer per table', () => {
  const write =
    /\b(?:insert\s+into|update(?:\s+only)?|delete\s+from|truncate(?:\s+table)?|copy)\s+((?:headwater\.|stripe\.)?[a-z_]+)/gi;

  test('only the owning room writes', () => {
    const found = sources.flatMap((file) =>
      [...withoutComments(file.text).matchAll(write)].flatMap((match) => {
        const table = match[1]!.toLowerCase().replace(/^headwater\./, '');
        const owner = table.startsWith('stripe.') ? WRITERS['stripe.*'] : WRITERS[table];
        if (!owner || owner === file.room) return [];
        return [`${file.file} writes ${table}, which belongs to ${owner}`];
      }),
    );
    expect(found).toEqual([]);
  });

  test('every table of the migrations has an owner', () => {
    const folder = path.join(ROOT, 'migrations');
    const tables = readdirSync(folder)
      .filter((name) => /^\d{4}_/.test(name))
      .flatMap((name) => [
        ...readFileSync(path.join(folder, name), 'utf8').matchAll(
          /^create (?:unlogged )?table (?:if not exists )?([a-z_.]+)/gim,
        ),
      ])
      .map((match) => match[1]!);
    const orphans = tables.filter((table) => !table.startsWith('stripe.') && !(table in WRITERS));
    expect(orphans).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
