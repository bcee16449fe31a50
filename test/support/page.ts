import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { USER } from './product.ts';

/** A new visitor. Anything the page logs as an error fails the test that calls `quiet` at its end. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page & { troubles: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    baseURL: url,
    ...options,
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto('/');
  return Object.assign(page, { troubles });
}

export async function signIn(
  page: Page,
  user: { email: string; password: string } = USER,
): Promise<void> {
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Data sources' }).waitFor();
}

interface Violation {
  id: string;
  nodes: { target: unknown[]; any: { message: string }[] }[];
}

const AXE = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
  'axe-core/axe.min.js',
);

/**
 * Zero WCAG A and AA violations on what is shown now. Frames are left out: they hold mails, in a
 * sandbox that runs no script, so axe would wait for their answer for ever.
 */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated rather than added as a script, which the page's security policy forbids.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const violations = await page.evaluate<Violation[]>(
    "axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((result) => result.violations)",
  );
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? ''})`)
        .join(' | ')}`,
  );
  expect(found, page.url()).toEqual([]);
}

/** A picture in the folder that TEST_PICTURES names, for looking at; nothing otherwise. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TEST_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
