import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { createQueryClient } from '../lib/query-client.ts';
import { sessionQuery } from '../lib/session.ts';
import { Failure } from '../ui/states.tsx';
import { cssVariables, theme } from '../ui/theme.ts';
import { router } from './router.tsx';

const SetupScreen = lazy(async () => ({
  default: (await import('../features/setup/setup-screen.tsx')).SetupScreen,
}));
const SignInScreen = lazy(async () => ({
  default: (await import('../features/sign-in/sign-in-screen.tsx')).SignInScreen,
}));

const schemes = localStorageColorSchemeManager({ key: 'headwater-scheme' });

// Of ui/, this file and the shell import single files: its door would bring every table and picker into the first load.
export function App() {
  const [client] = useState(createQueryClient);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Set-up first, then sign-in, then the page. The address is kept, so that a link still leads where it should. */
function Gate() {
  const session = useQuery(sessionQuery);
  if (session.data?.user) return <RouterProvider router={router} />;
  if (session.data) {
    return <Suspense>{session.data.setup_needed ? <SetupScreen /> : <SignInScreen />}</Suspense>;
  }
  if (session.error) {
    return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  }
  return null;
}
