import {
  attachPaymentMethod,
  detachPaymentMethod,
  updatePaymentMethod,
} from '../billing/payment-method.ts';
import type { CardChange } from '../billing/payment-method.ts';
import {
  cancelSetupIntent,
  createSetupIntent,
  failSetupIntent,
  succeedSetupIntent,
} from '../billing/setup-intent.ts';
import type { SetupIntentOptions } from '../billing/setup-intent.ts';
import { addTaxId, removeTaxId } from '../billing/tax.ts';
import { advanceTestClock, createTestClock, deleteTestClock } from '../billing/test-clock.ts';
import type { TestClockOptions } from '../billing/test-clock.ts';
import { secondsOf } from '../clock.ts';
import type { CardRow } from '../resources/customer.ts';
import { renderPaymentMethod } from '../resources/payment-method.ts';
import { renderSetupIntent } from '../resources/setup-intent.ts';
import type { SetupIntentRow } from '../resources/setup-intent.ts';
import { renderTaxId } from '../resources/tax.ts';
import { renderTestClock } from '../resources/test-clock.ts';
import { SellingVerbs } from './selling-verbs.ts';

/** What belongs to a customer, and the clock they may run on. */
export class CustomerVerbs extends SellingVerbs {
  addTaxId(customer: string, options: Parameters<typeof addTaxId>[2]) {
    const state = this.ready();
    return renderTaxId(state, addTaxId(state, customer, options));
  }

  removeTaxId(id: string) {
    removeTaxId(this.ready(), id);
    return { id, object: 'tax_id' as const, deleted: true as const };
  }

  /** A further card; the default one stays. */
  attachPaymentMethod(customer: string, card?: Partial<CardRow>) {
    const state = this.ready();
    return renderPaymentMethod(state, attachPaymentMethod(state, customer, card));
  }

  detachPaymentMethod(id: string) {
    const state = this.ready();
    return renderPaymentMethod(state, detachPaymentMethod(state, id));
  }

  updatePaymentMethod(id: string, change: CardChange) {
    const state = this.ready();
    return renderPaymentMethod(state, updatePaymentMethod(state, id, change));
  }

  createSetupIntent(options: SetupIntentOptions = {}) {
    const state = this.ready();
    return renderSetupIntent(state, createSetupIntent(state, options));
  }

  succeedSetupIntent(id: string) {
    const state = this.ready();
    return renderSetupIntent(state, succeedSetupIntent(state, id));
  }

  failSetupIntent(id: string, code?: string) {
    const state = this.ready();
    return renderSetupIntent(state, failSetupIntent(state, id, code));
  }

  cancelSetupIntent(id: string, reason?: SetupIntentRow['cancellation_reason']) {
    const state = this.ready();
    return renderSetupIntent(state, cancelSetupIntent(state, id, reason));
  }

  createTestClock(options: TestClockOptions = {}) {
    const state = this.ready();
    return renderTestClock(state, createTestClock(state, options));
  }

  advanceTestClock(id: string, to: Date | string) {
    const state = this.ready();
    return renderTestClock(state, advanceTestClock(state, id, secondsOf(new Date(to))));
  }

  deleteTestClock(id: string) {
    deleteTestClock(this.ready(), id);
    return { id, object: 'test_helpers.test_clock' as const, deleted: true as const };
  }
}
