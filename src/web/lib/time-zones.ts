const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Every time zone there is to choose, the one in use among them even when the browser does not know it. */
export function listTimeZones(inUse: string): string[] {
  return ZONES.includes(inUse) ? ZONES : [inUse, ...ZONES];
}
