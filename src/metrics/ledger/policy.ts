/**
 * The rules of MRR that are a matter of taste, as data that is passed in. Everything else about MRR
 * is fixed: net of recurring discounts and of inclusive tax, without usage, one-offs and trials.
 */
export interface Policy {
  name: string;
  /** Which coupons lower MRR. `recurring` is forever and repeating; a one-off gift is noise. */
  discounts: 'recurring' | 'forever_only' | 'all' | 'none';
  /** No MRR before the first positive recurring charge is paid (automatic collection only). */
  require_first_payment: boolean;
  /** What a trial on a customer who already paid does to MRR. */
  mid_life_trial: 'keep' | 'zero';
}

export const DEFAULT_POLICY: Policy = {
  name: 'default',
  discounts: 'recurring',
  require_first_payment: true,
  mid_life_trial: 'keep',
};

export type CouponDuration = 'once' | 'repeating' | 'forever';

export function lowersMrr(policy: Policy, duration: CouponDuration): boolean {
  if (policy.discounts === 'all') return true;
  if (policy.discounts === 'none') return false;
  if (policy.discounts === 'forever_only') return duration === 'forever';
  return duration !== 'once';
}
