// Sets the colour scheme before the first paint, so that a dark page does not flash white. Mantine reads and keeps
// the same key; without a choice the system decides.
try {
  const chosen = localStorage.getItem('mantine-color-scheme-value');
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
} catch {
  // No storage: Mantine falls back to the system's scheme a moment later.
}
