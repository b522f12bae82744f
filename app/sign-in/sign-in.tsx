// The sign-in form.
'use client';

import {
  ActionGroup,
  Alert,
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Divider,
  Form,
  FormGroup,
  TextInput,
  Title,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { DemoAccount } from '../../lib/server/demo';
import { Brand } from '../brand';

export function SignIn({ demoAccounts }: { demoAccounts: DemoAccount[] }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function signIn(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const response = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    }).catch(() => undefined);
    if (response?.ok) return window.location.assign('/');
    const answer = (await response?.json().catch(() => undefined)) as { message?: string } | undefined;
    setError(answer?.message ?? 'The server cannot be reached. Try again in a moment.');
    setBusy(false);
  }

  return (
    <main className="podlab-sign-in">
      <Card className="podlab-sign-in-card" isLarge>
        <CardHeader>
          <Brand />
        </CardHeader>
        <CardTitle>
          <Title headingLevel="h1" size="xl">
            Sign in
          </Title>
        </CardTitle>
        <CardBody>
          <Form onSubmit={signIn}>
            {error && <Alert isInline variant="danger" title={error} />}
            <FormGroup label="E-mail" fieldId="email" isRequired>
              <TextInput
                id="email"
                type="email"
                autoComplete="username"
                value={email}
                onChange={(_, value) => setEmail(value)}
                isRequired
              />
            </FormGroup>
            <FormGroup label="Password" fieldId="password" isRequired>
              <TextInput
                id="password"
                type="password"
                autoComplete="current-password"
                value={password}
                onChange={(_, value) => setPassword(value)}
                isRequired
              />
            </FormGroup>
            <ActionGroup>
              <Button type="submit" variant="primary" isBlock isLoading={busy} isDisabled={busy}>
                Sign in
              </Button>
            </ActionGroup>
          </Form>
        </CardBody>
        {demoAccounts.length > 0 && (
          <CardBody>
            <Divider className="podlab-space" />
            <p className="podlab-quiet">This is a demo. Choose an account to fill in its password.</p>
            <ul className="podlab-demo">
              {demoAccounts.map((account) => (
                <li key={account.email}>
                  <Button
                    variant="link"
                    isInline
                    onClick={() => {
                      setEmail(account.email);
                      setPassword(account.password);
                    }}
                  >
                    {account.role}
                  </Button>
                  <code>{account.email}</code>
                  <code>{account.password}</code>
                </li>
              ))}
            </ul>
          </CardBody>
        )}
      </Card>
    </main>
  );
}
