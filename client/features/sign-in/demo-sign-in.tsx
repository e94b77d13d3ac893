import { Alert, Stack, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type DemoAccount, demoAccounts, type SignedInUser, signIn } from './accounts-api.ts';
import classes from './sign-in.module.css';

const fetch = (url: string, init?: RequestInit) => window.fetch(url, init);

/** The demo's people, one click each; nothing where the demo is off. */
export function DemoSignIn({ onSignedIn }: { readonly onSignedIn: (user: SignedInUser) => void }) {
  const [accounts, setAccounts] = useState<readonly DemoAccount[]>([]);
  const [entering, setEntering] = useState<string>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let shown = true;
    void demoAccounts(fetch).then((found) => {
      if (shown) setAccounts(found);
    });
    return () => {
      shown = false;
    };
  }, []);

  const enter = async (account: DemoAccount) => {
    setProblem(undefined);
    setEntering(account.email);
    const result = await signIn(fetch, account);
    setEntering(undefined);
    if (result.ok) onSignedIn(result.user);
    else setProblem(result.reason);
  };

  if (accounts.length === 0) return null;
  return (
    <Stack gap={8} component="section" aria-label="Demo accounts">
      <Text fz="sm" c="dimmed">
        Or try it as one of the demo’s people:
      </Text>
      <div className={classes.demo}>
        {accounts.map((account) => (
          <UnstyledButton
            key={account.email}
            className={classes.demoAccount}
            disabled={entering !== undefined}
            aria-busy={entering === account.email}
            onClick={() => void enter(account)}
          >
            <span className={classes.demoName}>{account.name}</span>
            <span className={classes.demoEmail}>{account.email}</span>
          </UnstyledButton>
        ))}
      </div>
      {problem && (
        <Alert color="red" variant="light" p="xs" role="alert">
          {problem}
        </Alert>
      )}
    </Stack>
  );
}
