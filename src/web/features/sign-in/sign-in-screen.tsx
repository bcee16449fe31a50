import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../../lib/http.ts';
import { sessionQuery } from '../../lib/session.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import { Gate, Note } from '../../ui/index.ts';
import { Button, PasswordInput, Stack, TextInput, useForm } from '../../ui/kit.ts';
import { signIn } from './api.ts';

export function SignInScreen() {
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const first = useFirstFocus<HTMLFormElement>('sign-in');
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() ? null : 'Write your e-mail address.'),
      password: (value) => (value ? null : 'Write your password.'),
    },
  });
  const submit = async (values: { email: string; password: string }): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await signIn({ email: values.email.trim(), password: values.password });
      await client.invalidateQueries(sessionQuery);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const workspace = session?.workspace.workspace_name;
  return (
    <Gate
      title="Sign in"
      note={workspace && workspace !== 'Headwater' ? `to ${workspace}` : 'to your Headwater'}
    >
      <form ref={first} noValidate onSubmit={form.onSubmit((values) => void submit(values))}>
        <Stack gap="md">
          <TextInput
            size="sm"
            label="E-mail"
            type="email"
            autoComplete="username"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            size="sm"
            label="Password"
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          {failure !== null && (
            <Note tone="bad" live>
              {sentenceOf(failure)}
            </Note>
          )}
          <Button size="sm" type="submit" loading={busy} fullWidth>
            Sign in
          </Button>
          {session?.demo && (
            <Note tone="info">
              This is a demo. The terminal shows the address and password to use.
            </Note>
          )}
        </Stack>
      </form>
    </Gate>
  );
}
