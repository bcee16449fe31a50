import { AppError } from '../platform/index.ts';
import { AUDIENCES } from './pieces/audiences.ts';
import { DASHBOARDS } from './pieces/dashboards.ts';
import { EMAILS } from './pieces/emails.ts';
import { PLAYBOOKS } from './pieces/playbooks.ts';
import type { Template } from './template.ts';

/**
 * Everything there is, in the order in which it is installed: a playbook comes after the e-mails it
 * sends, audiences last, because saving one keeps people from being evaluated until the end.
 */
export const STARTER_SET: readonly Template[] = [
  ...DASHBOARDS,
  ...EMAILS,
  ...PLAYBOOKS,
  ...AUDIENCES,
];

/** Throws `template_not_found`. */
export function getTemplate(key: string): Template {
  const template = STARTER_SET.find((one) => one.key === key);
  if (!template) throw new AppError('template_not_found', 'There is no such template.');
  return template;
}
