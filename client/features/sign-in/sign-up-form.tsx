import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { type SignedInUser, signUp } from './accounts-api.ts';

const PASSWORD_MIN = 8;

export function SignUpForm({ onSignedIn }: { readonly onSignedIn: (user: SignedInUser) => void }) {
  const [problem, setProblem] = useState<string>();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Your name, as the others will see it' : null),
      email: (value) => (value.includes('@') ? null : 'Write the whole address, as in ada@example.org'),
      password: (value) => (value.length < PASSWORD_MIN ? `At least ${PASSWORD_MIN} characters` : null),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setProblem(undefined);
    const result = await signUp((url, init) => window.fetch(url, init), values);
    if (result.ok) onSignedIn(result.user);
    else setProblem(result.reason);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {problem && (
          <Alert color="red" variant="light" p="xs" role="alert">
            {problem}
          </Alert>
        )}
        <Button type="submit" size="sm" loading={form.submitting} mt={4}>
          Create account
        </Button>
      </Stack>
    </form>
  );
}
