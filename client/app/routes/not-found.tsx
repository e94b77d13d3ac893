import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../ui/empty-state.tsx';

export function NotFoundRoute() {
  return (
    <EmptyState
      icon={<IconMapOff size={32} stroke={1.4} aria-hidden />}
      title="There is nothing at this address"
      action={
        <Button variant="default" component={Link} to="/">
          Go to your tickets
        </Button>
      }
    >
      The link may be old, or a letter may be missing.
    </EmptyState>
  );
}
