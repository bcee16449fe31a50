import { issueCreditNote, updateCreditNote, voidCreditNote } from '../billing/credit-note.ts';
import type { CreditNoteOptions } from '../billing/credit-note.ts';
import { answerDispute, closeDispute, openDispute } from '../billing/dispute.ts';
import type { DisputeOptions } from '../billing/dispute.ts';
import { failPayout, payOut } from '../billing/pay-out.ts';
import type { PayoutOptions } from '../billing/pay-out.ts';
import { createTaxRate, updateTaxRate } from '../billing/tax.ts';
import type { TaxRateOptions } from '../billing/tax.ts';
import { renderPayout } from '../resources/balance.ts';
import { renderCreditNote } from '../resources/credit-note.ts';
import { renderDispute } from '../resources/dispute.ts';
import { renderTaxRate } from '../resources/tax.ts';
import { Verbs } from './verbs.ts';

/** What happens to money once it has come in. */
export class MoneyVerbs extends Verbs {
  issueCreditNote(options: CreditNoteOptions) {
    const state = this.ready();
    return renderCreditNote(state, issueCreditNote(state, options));
  }

  updateCreditNote(id: string, change: Parameters<typeof updateCreditNote>[2]) {
    const state = this.ready();
    return renderCreditNote(state, updateCreditNote(state, id, change));
  }

  voidCreditNote(id: string) {
    const state = this.ready();
    return renderCreditNote(state, voidCreditNote(state, id));
  }

  openDispute(charge: string, options: DisputeOptions = {}) {
    const state = this.ready();
    return renderDispute(state, openDispute(state, charge, options));
  }

  /** Hands in evidence. */
  answerDispute(id: string) {
    const state = this.ready();
    return renderDispute(state, answerDispute(state, id));
  }

  closeDispute(id: string, outcome: 'won' | 'lost') {
    const state = this.ready();
    return renderDispute(state, closeDispute(state, id, outcome));
  }

  /** Everything available, unless an amount is named. */
  payOut(options: PayoutOptions = {}) {
    const state = this.ready();
    return renderPayout(state, payOut(state, options));
  }

  failPayout(id: string) {
    const state = this.ready();
    return renderPayout(state, failPayout(state, id));
  }

  createTaxRate(options: TaxRateOptions) {
    const state = this.ready();
    return renderTaxRate(state, createTaxRate(state, options));
  }

  updateTaxRate(id: string, change: Parameters<typeof updateTaxRate>[2]) {
    const state = this.ready();
    return renderTaxRate(state, updateTaxRate(state, id, change));
  }
}
