import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { SHORTEST_PASSWORD } from '../../../access/definition.ts';
import { sentenceOf } from '../../lib/http.ts';
import { sessionQuery } from '../../lib/session.ts';
import { useFirstFocus } from '../../lib/use-first-focus.ts';
import { Gate, Note } from '../../ui/index.ts';
import {
  Button,
  Group,
  PasswordInput,
  Stack,
  Stepper,
  Text,
  TextInput,
  useForm,
} from '../../ui/kit.ts';
import { setUp } from './api.ts';

const STEPS = ['Token', 'You', 'Password'] as const;
const FIELDS = [['token'], ['name', 'email'], ['password']] as const;

/** The first run: whoever can read the terminal makes the first user. */
export function SetupScreen() {
  const client = useQueryClient();
  const [step, setStep] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const first = useFirstFocus<HTMLFormElement>(step);
  const form = useForm({
    initialValues: { token: '', name: '', email: '', password: '' },
    validate: {
      token: (value) => (value.trim() ? null : 'Paste the token from the terminal.'),
      name: (value) => (value.trim() ? null : 'Say how you are called.'),
      email: (value) => (/^\S+@\S+$/.test(value) ? null : 'Write your e-mail address in full.'),
      password: (value) =>
        value.length >= SHORTEST_PASSWORD
          ? null
          : `Use at least ${SHORTEST_PASSWORD} characters; a few words make a good one.`,
    },
  });

  const next = async (): Promise<void> => {
    const wrong = FIELDS[step]?.some((name) => form.validateField(name).hasError);
    if (wrong) return;
    if (step < STEPS.length - 1) {
      setStep(step + 1);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const { token, name, email, password } = form.getValues();
      await setUp({ token: token.trim(), name: name.trim(), email: email.trim(), password });
      await client.invalidateQueries(sessionQuery);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Gate title="Set up Headwater" note="Three small steps, then you connect Stripe.">
      <form
        ref={first}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void next();
        }}
      >
        <Stepper active={step} onStepClick={setStep} allowNextStepsSelect={false} size="xs" mb="lg">
          {STEPS.map((label) => (
            <Stepper.Step key={label} label={label} />
          ))}
        </Stepper>
        <Stack gap="md">
          {step === 0 && (
            <>
              <Text size="sm" c="dimmed">
                Headwater printed a one-time token in the terminal where it was started. It shows
                that you are the one who runs it.
              </Text>
              <TextInput
                size="sm"
                label="Set-up token"
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps('token')}
              />
            </>
          )}
          {step === 1 && (
            <>
              <TextInput
                size="sm"
                label="Your name"
                autoComplete="name"
                {...form.getInputProps('name')}
              />
              <TextInput
                size="sm"
                label="E-mail"
                type="email"
                autoComplete="email"
                {...form.getInputProps('email')}
              />
            </>
          )}
          {step === 2 && (
            <PasswordInput
              size="sm"
              label="Password"
              description={`At least ${SHORTEST_PASSWORD} characters.`}
              autoComplete="new-password"
              {...form.getInputProps('password')}
            />
          )}
          {failure !== null && (
            <Note tone="bad" live>
              {sentenceOf(failure)}
            </Note>
          )}
          <Group justify="space-between">
            <Button
              size="sm"
              variant="subtle"
              color="gray"
              disabled={step === 0}
              onClick={() => setStep(step - 1)}
            >
              Back
            </Button>
            <Button size="sm" type="submit" loading={busy}>
              {step === STEPS.length - 1 ? 'Finish' : 'Continue'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
