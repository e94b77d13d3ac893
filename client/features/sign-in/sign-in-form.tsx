import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { type SignedInUser, signIn } from './accounts-api.ts';

interface SignInFormProps {
  /** Filled in, for somebody who was signed in before. */
  readonly email?: string;
  readonly onSignedIn: (user: SignedInUser) => void;
}

export function SignInForm({ email = '', onSignedIn }: SignInFormProps) {
  const [problem, setProblem] = useState<string>();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email, password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : 'Write the whole address, as in ada@example.org'),
      password: (value) => (value === '' ? 'The password is missing' : null),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setProblem(undefined);
    const result = await signIn((url, init) => window.fetch(url, init), values);
    if (result.ok) onSignedIn(result.user);
    else setProblem(result.reason);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {problem && (
          <Alert color="red" variant="light" p="xs" role="alert">
            {problem}
          </Alert>
        )}
        <Button type="submit" size="sm" loading={form.submitting} mt={4}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
