import { useId } from 'react';
import styles from './choices.module.css';

interface ChoicesProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  /** Each with what it means, as pairs of a word and the rest: `['Removes', 'the key']`. */
  choices: readonly { value: T; label: string; lines: readonly (readonly string[])[] }[];
}

/** A few ways to go on, each explained; one is chosen. */
export function Choices<T extends string>({ label, value, onChange, choices }: ChoicesProps<T>) {
  const id = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice} htmlFor={`${id}-${choice.value}`}>
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            name={id}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span className={styles.name}>{choice.label}</span>
          {choice.lines.map(([word, text]) => (
            <span key={word} className={styles.line}>
              {word} {text}.
            </span>
          ))}
        </label>
      ))}
    </fieldset>
  );
}
