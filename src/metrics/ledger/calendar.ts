/** The day ('YYYY-MM-DD') an instant in seconds falls on. */
export type Calendar = (at: number) => string;

const DAY = 86_400;

/**
 * Days of a time zone. Asking Intl is slow, so each UTC day is asked once where the zone's offset
 * does not change within it.
 */
export function createCalendar(timeZone: string): Calendar {
  const names = new Map<number, string>();
  const nameOf = (day: number): string => {
    const known = names.get(day);
    if (known !== undefined) return known;
    const name = new Date(day * DAY * 1000).toISOString().slice(0, 10);
    names.set(day, name);
    return name;
  };
  const offsets = new Map<number, number | null>();
  const offsetAt = timeZone === 'UTC' ? () => 0 : offsetReader(timeZone);
  const steady = (day: number): number | null => {
    const known = offsets.get(day);
    if (known !== undefined) return known;
    const [start, end] = [offsetAt(day * DAY), offsetAt(day * DAY + DAY - 1)];
    offsets.set(day, start === end ? start : null);
    return start === end ? start : null;
  };
  return (at) => {
    const offset = steady(Math.floor(at / DAY)) ?? offsetAt(at);
    return nameOf(Math.floor((at + offset) / DAY));
  };
}

function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const part = new Map(
      format.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const read = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
    const local = Date.UTC(
      read('year'),
      read('month') - 1,
      read('day'),
      read('hour'),
      read('minute'),
      read('second'),
    );
    return Math.round(local / 1000) - Math.floor(at);
  };
}
