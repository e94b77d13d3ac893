import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState } from '../../ui/empty-state.tsx';

/** A fault of ours: says so, keeps the rest of the app usable, and nothing a person wrote is lost. */
export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  return (
    <EmptyState title="This screen could not be shown" action={<Button onClick={reset}>Try again</Button>}>
      What you wrote is kept on this device. If it happens again, reload the page. (
      {error instanceof Error ? error.message : String(error)})
    </EmptyState>
  );
}
