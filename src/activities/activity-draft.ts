import type { Json } from '../objects/index.ts';
import type { ActivityName } from './definition.ts';

/** Something that happened, not yet tied to a person. */
export interface ActivityDraft {
  /** Names the fact within its source, so that telling it twice adds nothing. */
  key: string;
  type: ActivityName;
  occurred_at: Date;
  /** The object keeps no instant of the fact: one that is watched live happened when it was seen. */
  watched?: true;
  /** Stripe's customer, through whom the person is found; null when the object names none. */
  customer: string | null;
  object_id: string;
  amount_minor: number | null;
  currency: string | null;
  attributes: Json;
}
