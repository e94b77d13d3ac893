import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const indigo: MantineColorsTuple = [
  '#eef0ff',
  '#e0e3ff',
  '#c5caff',
  '#a3a9fb',
  '#8488f5',
  '#6a6cf0',
  '#5457e0',
  '#4a4bd1',
  '#3f40b5',
  '#343694',
];

const gray: MantineColorsTuple = [
  '#f8f8fa',
  '#f1f2f5',
  '#e7e8ec',
  '#d9dbe1',
  '#c3c6ce',
  '#9a9fab',
  '#6b707c',
  '#4b4f59',
  '#31343c',
  '#1b1d22',
];

const dark: MantineColorsTuple = [
  '#e6e7eb',
  '#c3c6cd',
  '#9da2ae',
  '#747986',
  '#33363f',
  '#26282f',
  '#1b1d23',
  '#131418',
  '#0e0f12',
  '#0a0b0d',
];

/** Darker than the library's: white words on its sixth shade keep WCAG AA. */
const red: MantineColorsTuple = [
  '#fff0f1',
  '#fde0e2',
  '#f8bfc4',
  '#f19aa2',
  '#ea7a84',
  '#d94855',
  '#c22f3d',
  '#ab2633',
  '#931e2a',
  '#7b1721',
];

const systemFont =
  "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const monospaceFont =
  "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/** One accent, greys for the rest, a 4 px grid, 13 to 14 px text in dense places. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 6,
  colors: { indigo, gray, dark, red },
  fontFamily: systemFont,
  fontFamilyMonospace: monospaceFont,
  headings: { fontFamily: systemFont, fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Combobox: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 }, fz: 'xs' } },
  },
});

/** The tokens of the look, once for light and once for dark. Text and icons on them keep WCAG AA. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    '--row-height': '38px',
    '--column-text': '72ch',
  },
  light: {
    '--surface': '#ffffff',
    '--surface-quiet': '#f8f8fa',
    '--surface-hover': '#f3f4f7',
    '--surface-selected': '#eef0ff',
    '--hairline': '#e7e8ec',
    '--control-border': '#d9dbe1',
    '--text': '#1b1d22',
    '--text-muted': '#626772',
    '--accent': '#5457e0',
    '--accent-text': '#4a4bd1',
    '--status-idle': '#7b808c',
    '--status-active': '#a66a00',
    '--status-review': '#2f7d4f',
    '--status-done': '#5457e0',
    '--status-cancelled': '#7b808c',
    '--priority-urgent': '#c8431a',
    '--live': '#1f8a4c',
    '--conflict-base': '#6b707c',
    '--conflict-current': '#2563c9',
    '--conflict-proposed': '#925900',
    '--conflict-proposed-surface': '#fff6e3',
    '--danger': '#c22f3d',
    '--mantine-color-default-border': '#d9dbe1',
    '--mantine-color-gray-light-color': '#626772',
    '--mantine-color-text': '#1b1d22',
    '--mantine-color-dimmed': '#626772',
    '--mantine-color-placeholder': '#757a86',
    '--mantine-color-error': '#c22f3d',
  },
  dark: {
    '--surface': '#131418',
    '--surface-quiet': '#0e0f12',
    '--surface-hover': '#1b1d23',
    '--surface-selected': '#23254a',
    '--hairline': '#24262d',
    '--control-border': '#33363f',
    '--text': '#e6e7eb',
    '--text-muted': '#9da2ae',
    '--accent': '#8488f5',
    '--accent-text': '#a3a9fb',
    '--status-idle': '#8a8f9b',
    '--status-active': '#e5ab3a',
    '--status-review': '#5ebd83',
    '--status-done': '#8488f5',
    '--status-cancelled': '#8a8f9b',
    '--priority-urgent': '#f2784f',
    '--live': '#4cc07d',
    '--conflict-base': '#9da2ae',
    '--conflict-current': '#74a7f5',
    '--conflict-proposed': '#e9b14c',
    '--conflict-proposed-surface': '#2b2415',
    '--danger': '#f2808a',
    '--mantine-color-default-border': '#33363f',
    '--mantine-color-gray-light-color': '#9da2ae',
    '--mantine-color-text': '#e6e7eb',
    '--mantine-color-dimmed': '#9da2ae',
    '--mantine-color-placeholder': '#828793',
    '--mantine-color-error': '#f2808a',
  },
});
