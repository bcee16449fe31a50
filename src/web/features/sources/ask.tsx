import { createContext, use, useState } from 'react';
import type { ReactNode } from 'react';
import type { Source } from '../../../api/contract/sources.ts';
import { Confirm } from '../../ui/index.ts';
import { useAct } from './act.tsx';
import { KeyWindow } from './key-window.tsx';

export type Question = 'key' | 'sync' | 'rotate' | 'remake' | 'disconnect';

const Asking = createContext<(question: Question) => void>(() => undefined);

/** Opens one of the windows that ask before something is done to the source of this screen. */
export function useAsk(): (question: Question) => void {
  return use(Asking);
}

/** Holds the windows of a source, so that every tab and the menu open the same ones. */
export function Asker({ source, children }: { source: Source; children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const close = (): void => setQuestion(null);
  return (
    <Asking value={setQuestion}>
      {children}
      {question === 'key' && <KeyWindow source={source} onClose={close} />}
      {question && question !== 'key' && (
        <Sure source={source} question={question} onClose={close} />
      )}
    </Asking>
  );
}

interface SureProps {
  source: Source;
  question: Exclude<Question, 'key'>;
  onClose: () => void;
}

/** Says what will happen, then does it. */
function Sure({ source, question, onClose }: SureProps) {
  const act = useAct(source.id);
  switch (question) {
    case 'sync':
      return (
        <Confirm
          title="Copy everything again?"
          action="Copy again"
          onClose={onClose}
          onConfirm={() => act('sync', 'The copy has begun.')}
        >
          The whole account is read once more, as after connecting. Nothing is lost or doubled and
          nobody gets a mail for it; use it when figures here and in Stripe differ.
        </Confirm>
      );
    case 'rotate':
      return (
        <Confirm
          title="Rotate the signing secret?"
          action="Rotate the secret"
          onClose={onClose}
          onConfirm={() => act('webhook/rotate', 'Stripe signs with a new secret from now on.')}
        >
          Stripe signs every event with a secret that only it and Headwater know. Rotating makes a
          new endpoint with a new secret and then takes the old one away. For a day both secrets are
          believed, so no event is missed. Do it when the secret may have been seen by somebody
          else.
        </Confirm>
      );
    case 'remake':
      return (
        <Confirm
          title="Make the webhook again?"
          action="Make it again"
          onClose={onClose}
          onConfirm={() => act('webhook')}
        >
          Headwater sets its endpoint in Stripe up once more, at the address it has now and with
          every event it listens to. Use it after the address changed, or when somebody altered the
          endpoint in Stripe. What happened in between is fetched.
        </Confirm>
      );
    case 'disconnect':
      return (
        <Confirm
          title={`Disconnect ${source.name}?`}
          action="Disconnect"
          danger
          onClose={onClose}
          onConfirm={() => act('disconnect')}
        >
          Our webhook is taken out of Stripe. People, activities and figures that were copied stay
          here, but nothing new arrives until you connect the account again.
        </Confirm>
      );
  }
}
