import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * The whole check of the project, the same at the desk and in CI: types, lint, formatting, page
 * build, then every test. The last line counts steps and tests: `N passed, N failed`.
 */
interface Step {
  name: string;
  command: string;
  args: string[];
}

const STEPS: Step[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the page', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.web.json'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'formatting', command: 'oxfmt', args: ['--check'] },
  { name: 'page build', command: process.execPath, args: ['src/main.ts', 'build'] },
];

const root = path.resolve(import.meta.dirname, '..');
// Tools are started by this Node, which the lockfile brings, whatever Node the machine has.
const ledgerFolder = mkdtempSync(path.join(os.tmpdir(), 'headwater-ledger-'));
const env = {
  SIMULATOR_LEDGER_DIR: ledgerFolder,
  ...process.env,
  PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
};

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => {
      process.stderr.write(`${command} did not start: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

interface Counts {
  passed: number;
  failed: number;
}

async function runTests(filters: string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'headwater-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const code = await run('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ]);
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    const failed = result.numFailedTests;
    // A run can fail without a failed test: a file that does not load, an error after the last test.
    return {
      passed: result.numPassedTests,
      failed: failed === 0 && code !== 0 ? Math.max(1, result.numFailedTestSuites) : failed,
    };
  } catch (error) {
    process.stderr.write(`the test run left no report: ${String(error)}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface LedgerLine {
  method: string;
  path: string;
  user_agent: string;
  n: number;
}

/**
 * Headwater only reads: of all requests it sent to any simulator in this run, whatever is no GET
 * went to webhook endpoints. A run in which it sent none proves nothing and fails too.
 */
function checkReadOnly(): boolean {
  const lines = readdirSync(ledgerFolder)
    .flatMap((file) => readFileSync(path.join(ledgerFolder, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as LedgerLine)
    .filter((line) => line.user_agent.startsWith('Headwater/'));
  const writes = lines.filter(
    (line) => line.method !== 'GET' && !/^\/v1\/webhook_endpoints(\/:id)?$/.test(line.path),
  );
  for (const line of writes)
    process.stderr.write(`Headwater wrote to Stripe: ${line.method} ${line.path}\n`);
  const reads = lines.reduce((sum, line) => sum + (line.method === 'GET' ? line.n : 0), 0);
  process.stdout.write(
    `${reads} reads and no write but webhook endpoints: ${writes.length === 0 && reads > 0}\n`,
  );
  return writes.length === 0 && reads > 0;
}

const started = performance.now();
const total: Counts = { passed: 0, failed: 0 };
for (const step of STEPS) {
  const code = await run(step.command, step.args);
  process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}  ${step.name}\n`);
  if (code === 0) total.passed += 1;
  else total.failed += 1;
}
const tests = await runTests(process.argv.slice(2));
total.passed += tests.passed;
total.failed += tests.failed;
if (process.argv.length === 2) {
  if (checkReadOnly()) total.passed += 1;
  else total.failed += 1;
}
rmSync(ledgerFolder, { recursive: true, force: true });
process.stdout.write(`took ${Math.round((performance.now() - started) / 1000)} s\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || tests.passed === 0 ? 1 : 0;
