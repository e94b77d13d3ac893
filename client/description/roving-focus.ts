import { type KeyboardEvent, type RefObject, useEffect } from 'react';

/**
 * One stop of the Tab key for a whole toolbar; the arrow keys, Home and End move within it (WAI-ARIA toolbar
 * pattern). Controls come and go with the caret, so the stops are set again after each drawing.
 */
export function useRovingFocus(toolbar: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const bar = toolbar.current;
    if (!bar) return;
    const refresh = () => keepOneStop(bar);
    refresh();
    const observer = new MutationObserver(refresh);
    observer.observe(bar, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => observer.disconnect();
  }, [toolbar]);
  return {
    onFocus: () => toolbar.current && keepOneStop(toolbar.current),
    onKeyDown: (event: KeyboardEvent) => toolbar.current && move(toolbar.current, event),
  };
}

const controlsOf = (bar: HTMLElement): HTMLElement[] => [
  ...bar.querySelectorAll<HTMLElement>('button:not(:disabled), select'),
];

function keepOneStop(bar: HTMLElement): void {
  const controls = controlsOf(bar);
  const stop =
    controls.find((control) => control === document.activeElement) ??
    controls.find((control) => control.dataset.stop !== undefined) ??
    controls[0];
  for (const control of controls) {
    control.tabIndex = control === stop ? 0 : -1;
    if (control === stop) control.dataset.stop = '';
    else delete control.dataset.stop;
  }
}

function move(bar: HTMLElement, event: KeyboardEvent): void {
  const controls = controlsOf(bar);
  const at = controls.findIndex((control) => control.matches(':focus'));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: controls.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  controls[(to + controls.length) % controls.length]?.focus();
}
