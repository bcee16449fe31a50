import { deletePlan, deleteProduct } from '../billing/deletion.ts';
import {
  createCoupon,
  createPrice,
  createProduct,
  deleteCoupon,
  updateCoupon,
  updatePrice,
  updateProduct,
} from '../catalogue.ts';
import type { CouponOptions, PriceOptions, ProductOptions } from '../catalogue.ts';
import { renderCoupon } from '../resources/discount.ts';
import { renderPrice } from '../resources/price.ts';
import { renderProduct } from '../resources/product.ts';
import { EndpointVerbs } from './endpoint-verbs.ts';

/** What is on offer. */
export class CatalogueVerbs extends EndpointVerbs {
  createProduct(options: ProductOptions) {
    const state = this.ready();
    return renderProduct(state, createProduct(state, options));
  }

  updateProduct(id: string, change: Parameters<typeof updateProduct>[2]) {
    const state = this.ready();
    return renderProduct(state, updateProduct(state, id, change));
  }

  archiveProduct(id: string) {
    return this.updateProduct(id, { active: false });
  }

  /** A product without prices. */
  deleteProduct(id: string) {
    deleteProduct(this.ready(), id);
    return { id, object: 'product' as const, deleted: true as const };
  }

  createPrice(options: PriceOptions) {
    const state = this.ready();
    return renderPrice(state, createPrice(state, options));
  }

  updatePrice(id: string, change: Parameters<typeof updatePrice>[2]) {
    const state = this.ready();
    return renderPrice(state, updatePrice(state, id, change));
  }

  /** A recurring price, which only its older name lets delete. */
  deletePlan(id: string) {
    deletePlan(this.ready(), id);
    return { id, object: 'plan' as const, deleted: true as const };
  }

  createCoupon(options: CouponOptions) {
    const state = this.ready();
    return renderCoupon(state, createCoupon(state, options));
  }

  updateCoupon(id: string, change: Parameters<typeof updateCoupon>[2]) {
    const state = this.ready();
    return renderCoupon(state, updateCoupon(state, id, change));
  }

  deleteCoupon(id: string) {
    deleteCoupon(this.ready(), id);
    return { id, object: 'coupon' as const, deleted: true as const };
  }
}
