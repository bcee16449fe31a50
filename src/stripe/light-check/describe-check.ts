import type { Findings } from './compare-stretch.ts';

const count = (n: number): string => n.toLocaleString('en-US');

/** What a comparison found, in one or two sentences. */
export function describeCheck(findings: Findings): string {
  const { compared, lists, missing, different, extra, repaired, unsettled } = findings;
  const head = `${count(compared)} objects of ${lists.size} lists compared with Stripe`;
  const off = [
    missing > 0 ? `${count(missing)} missing here` : '',
    different > 0 ? `${count(different)} with other content` : '',
    extra > 0 ? `${count(extra)} deleted in Stripe` : '',
  ].filter(Boolean);
  if (off.length === 0 && unsettled === 0) return `${head}: no difference.`;
  const total = missing + different + extra;
  const outcome = repaired >= total ? 'All are put right.' : `${count(repaired)} are put right.`;
  const rest =
    unsettled > 0
      ? ` ${count(unsettled)} more are not in Stripe’s list; copy the account again to settle them.`
      : repaired < total
        ? ' Copy the account again for the rest.'
        : '';
  return `${head}: ${off.join(', ') || 'no other difference'}. ${total > 0 ? outcome : ''}${rest}`.trim();
}

export function describeFailure(findings: Findings, message: string): string {
  return `The comparison was cut short after ${count(findings.compared)} objects: ${message} It is tried again next night.`;
}
