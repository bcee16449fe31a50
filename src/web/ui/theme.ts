import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** Deep water: the one accent of the page. */
const water: MantineColorsTuple = [
  '#e8f6f6',
  '#d0ecec',
  '#a5d9da',
  '#74c3c6',
  '#48a9ae',
  '#23939a',
  '#0f7a82',
  '#0b666d',
  '#085158',
  '#053c42',
];

const gray: MantineColorsTuple = [
  '#f7f9fa',
  '#eff3f4',
  '#e4eaec',
  '#d4dcdf',
  '#b8c4c9',
  '#8d9ca3',
  '#5f6f77',
  '#46555d',
  '#303e46',
  '#17232a',
];

const dark: MantineColorsTuple = [
  '#dde5e8',
  '#b3bfc4',
  '#98a7ad',
  '#65757c',
  '#34434a',
  '#253339',
  '#1a262c',
  '#121b20',
  '#0d1519',
  '#080e11',
];

const OVERLAY = { backgroundOpacity: 0.28, blur: 0 };

export const theme = createTheme({
  primaryColor: 'water',
  primaryShade: { light: 7, dark: 6 },
  colors: { water, gray, dark },
  black: '#17232a',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 6,
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    // The kit's invisible first element is not allowed inside a menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Anchor: { defaultProps: { underline: 'always' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: OVERLAY,
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: {
      defaultProps: {
        position: 'right',
        size: 'lg',
        overlayProps: OVERLAY,
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
  },
});

/** Colours that the kit's own defaults leave below WCAG AA, and the surfaces of the page. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#56666e',
    '--mantine-color-placeholder': '#65757d',
    '--mantine-color-anchor': '#0b666d',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-default-border': '#d4dcdf',
    '--mantine-color-gray-light-color': '#46555d',
    '--hw-line': '#e4eaec',
    '--hw-side': '#f4f7f7',
    '--hw-hover': '#f1f5f5',
    '--hw-raised': '#ffffff',
    '--hw-accent': '#0b666d',
    '--hw-accent-soft': '#e0f1f1',
    '--hw-good': '#14693c',
    '--hw-good-soft': '#e2f4e9',
    '--hw-warn': '#815000',
    '--hw-warn-soft': '#fdf0d7',
    '--hw-bad': '#a3231c',
    '--hw-bad-soft': '#fce8e6',
    '--hw-info': '#1d5a9b',
    '--hw-info-soft': '#e4effb',
    '--hw-quiet': '#46555d',
    '--hw-quiet-soft': '#ecf0f1',
  },
  dark: {
    '--mantine-color-dimmed': '#9fadb3',
    '--mantine-color-placeholder': '#8796a0',
    '--mantine-color-anchor': '#74c3c6',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-default-border': '#34434a',
    '--mantine-color-gray-light-color': '#b3bfc4',
    '--hw-line': '#253339',
    '--hw-side': '#0d1519',
    '--hw-hover': '#1a262c',
    '--hw-raised': '#162127',
    '--hw-accent': '#74c3c6',
    '--hw-accent-soft': '#12363a',
    '--hw-good': '#7fd6a4',
    '--hw-good-soft': '#12301f',
    '--hw-warn': '#f1c26b',
    '--hw-warn-soft': '#362a11',
    '--hw-bad': '#ff9d94',
    '--hw-bad-soft': '#3d1b19',
    '--hw-info': '#8fc1f4',
    '--hw-info-soft': '#152c45',
    '--hw-quiet': '#b3bfc4',
    '--hw-quiet-soft': '#213037',
  },
});
