const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `61204` → `61,204`. */
export function formatCount(n: number | null | undefined): string {
  return n === null || n === undefined ? '–' : whole.format(n);
}

/** `formatCounted(1, 'person', 'people')` → `1 person`. */
export function formatCounted(n: number, one: string, many: string): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

type Instant = string | null | undefined;

const dayStyle = new Intl.DateTimeFormat('en-US', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** Day before month, with months of three letters. */
function writeDay(style: Intl.DateTimeFormat, at: Date): string {
  const parts = new Map(style.formatToParts(at).map(({ type, value }) => [type, value]));
  return [parts.get('day'), parts.get('month'), parts.get('year')].filter(Boolean).join(' ');
}

const timeStyle = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** An instant as a local day: `3 Mar 2026`. */
export function formatDay(at: Instant): string {
  return at ? writeDay(dayStyle, new Date(at)) : '–';
}

/** An instant as local day and time: `3 Mar 2026, 14:05`. */
export function formatInstant(at: Instant): string {
  return at ? `${formatDay(at)}, ${formatTime(at)}` : '–';
}

export function formatTime(at: Instant): string {
  return at ? timeStyle.format(new Date(at)) : '–';
}

const calendarStyle = new Intl.DateTimeFormat('en-US', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A calendar date `2026-03-03`, which has no time zone: `3 Mar 2026`. */
export function formatDate(on: string | null | undefined): string {
  return on ? writeDay(calendarStyle, new Date(`${on.slice(0, 10)}T00:00:00Z`)) : '–';
}

/** `2026-03` style label of a month that starts on the given date. */
export function formatMonth(on: string): string {
  return new Intl.DateTimeFormat('en-US', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${on.slice(0, 10)}T00:00:00Z`));
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `5 minutes ago`, `in 3 days`. Within a minute: `just now`. */
export function formatAgo(at: Instant, now: number): string {
  if (!at) return 'never';
  const seconds = (new Date(at).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** Seconds as `2 min 5 s`, `1 h 20 min`. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s < 600 && s % 60 ? ` ${s % 60} s` : ''}`;
  if (s < 86_400) {
    const minutes = Math.round((s % 3600) / 60);
    return `${Math.floor(s / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  const hours = Math.round((s % 86_400) / 3600);
  return `${Math.floor(s / 86_400)} d${hours ? ` ${hours} h` : ''}`;
}

/** Milliseconds as `420 ms`, `1.4 s`, `3 min 5 s`. */
export function formatMilliseconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms / 1000);
}

/** The calendar date of a day some days away from today, by the reader's clock. */
export function dateFromToday(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return [
    day.getFullYear(),
    String(day.getMonth() + 1).padStart(2, '0'),
    String(day.getDate()).padStart(2, '0'),
  ].join('-');
}

/** `subscription_cancelled` → `Subscription cancelled`, for words the server has no label for. */
export function humanise(word: string): string {
  const text = word.replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
