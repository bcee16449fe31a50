import { notifications } from '@mantine/notifications';
import { sentenceOf } from '../lib/http.ts';

/** A word that something was done; gone after a few seconds. */
export function say(message: string): void {
  notifications.show({ message, withBorder: true, autoClose: 4000 });
}

/** The sentence of a failure that happened behind a click. */
export function sayFailure(error: unknown): void {
  notifications.show({
    title: 'That did not work',
    message: sentenceOf(error),
    color: 'red',
    withBorder: true,
    autoClose: 9000,
  });
}
