import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Lab, LabState } from './lab.ts';

export const LabContext = createContext<Lab | null>(null);

function useLabOrThrow(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab needs a LabContext above it: render below <SessionGate>.');
  return lab;
}

/** The laboratory, open while the component that asks is on screen. */
export function useLab(): { readonly state: LabState; readonly retry: () => void } {
  const lab = useLabOrThrow();
  useEffect(() => lab.enter(), [lab]);
  return { state: useSyncExternalStore(lab.subscribe, lab.current), retry: lab.retry };
}
