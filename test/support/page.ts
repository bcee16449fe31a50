import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
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

/** Zero WCAG A and AA violations on what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  const found = result.violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? ''})`)
        .slice(0, 3)
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
