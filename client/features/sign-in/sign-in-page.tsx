import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { SignedInUser } from './accounts-api.ts';
import { DemoSignIn } from './demo-sign-in.tsx';
import classes from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

interface SignInPageProps {
  readonly onSignedIn: (user: SignedInUser) => void;
}

export function SignInPage({ onSignedIn }: SignInPageProps) {
  const [isNew, setIsNew] = useState(false);
  return (
    <main className={classes.page}>
      <div className={classes.panel}>
        <header className={classes.brand}>
          <img src="/icon.svg" width={36} height={36} alt="" />
          <span>Rejoin</span>
        </header>
        <Stack gap={4} mb="md">
          <Title order={1} fz={22}>
            {isNew ? 'Create an account' : 'Sign in'}
          </Title>
          <Text c="dimmed" fz="md">
            Work on tickets with and without a network. What you write is never lost.
          </Text>
        </Stack>
        {isNew ? <SignUpForm onSignedIn={onSignedIn} /> : <SignInForm onSignedIn={onSignedIn} />}
        <Text fz="sm" mt="md">
          {isNew ? 'You have an account? ' : 'New here? '}
          <Anchor component="button" type="button" fz="sm" onClick={() => setIsNew(!isNew)}>
            {isNew ? 'Sign in' : 'Create an account'}
          </Anchor>
        </Text>
        {!isNew && (
          <div className={classes.demoSection}>
            <DemoSignIn onSignedIn={onSignedIn} />
          </div>
        )}
      </div>
    </main>
  );
}
