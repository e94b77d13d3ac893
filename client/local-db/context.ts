import { createContext, useContext } from 'react';
import type { LocalData } from './local-data.ts';

export const LocalDataContext = createContext<LocalData | null>(null);

/** The signed-in person's local data. Only below the app's providers, which open it first. */
export function useLocalData(): LocalData {
  const data = useContext(LocalDataContext);
  if (!data) throw new Error('useLocalData needs a LocalDataContext above it: render below <Providers>.');
  return data;
}

export const useEdits = () => useLocalData().edits;
