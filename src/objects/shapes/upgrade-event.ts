import type { Json } from '../definition.ts';
import { isHash } from './json.ts';
import { upgradeObject, upgradePrevious } from './upgrade-object.ts';
import { CURRENT_VERSION, isKnownVersion } from './versions.ts';

/**
 * An event with its object and `previous_attributes` in today's shape, and `api_version` saying so.
 * As it was when it is of today's version already, or of one that is not known.
 */
export function upgradeEvent(event: Json): Json {
  const { api_version, data } = event;
  const object = isHash(data) ? data.object : null;
  if (api_version === CURRENT_VERSION || !isKnownVersion(api_version)) return event;
  if (!isHash(data) || !isHash(object)) return event;
  const previous = data.previous_attributes;
  return {
    ...event,
    api_version: CURRENT_VERSION,
    data: {
      ...data,
      object: upgradeObject(object, api_version),
      ...(isHash(previous)
        ? { previous_attributes: upgradePrevious(object, previous, api_version) }
        : {}),
    },
  };
}
