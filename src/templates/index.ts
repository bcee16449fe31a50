/** The starter set: audiences, dashboards, e-mails and playbooks of a subscription business, as data. */
export { addTemplate, installTemplates, removeTemplate } from './install-templates.ts';
export { listTemplates } from './list-templates.ts';
export type { TemplateView } from './list-templates.ts';
export type { Template, TemplateKind } from './template.ts';
