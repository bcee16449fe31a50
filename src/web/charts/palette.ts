export type Scheme = 'light' | 'dark';

/** Colours by what they stand for; each pair is tested against its background. */
const COLOURS = {
  accent: { light: '#0f7a82', dark: '#48b4ba' },
  new: { light: '#0f7a82', dark: '#48b4ba' },
  expansion: { light: '#5fa8a0', dark: '#8ad0c4' },
  reactivation: { light: '#4a7fc1', dark: '#84b4ec' },
  contraction: { light: '#d69a3a', dark: '#e8b963' },
  churn: { light: '#c9584f', dark: '#ef8c83' },
  other: { light: '#7a8a92', dark: '#98a7ad' },
} as const;

export type ChartColour = keyof typeof COLOURS;

export function colourOf(name: ChartColour, scheme: Scheme): string {
  return COLOURS[name][scheme];
}

/** Any kind of movement, or a plain colour for names unknown here. */
export function colourFor(name: string): ChartColour {
  return name in COLOURS ? (name as ChartColour) : 'other';
}

export const SURFACES = {
  light: { text: '#17232a', dim: '#56666e', line: '#e4eaec', raised: '#ffffff' },
  dark: { text: '#dde5e8', dim: '#9fadb3', line: '#253339', raised: '#162127' },
} as const;
