import styles from './messages.module.css';

interface RenderedMailProps {
  html: string;
  phone?: boolean;
}

/** A mail as a mail program shows it, in a frame that can neither run nor reach anything. */
export function RenderedMail({ html, phone }: RenderedMailProps) {
  return (
    <div className={styles.frameBox}>
      <iframe
        title="The mail as it is received"
        className={phone ? `${styles.frame} ${styles.phone}` : styles.frame}
        sandbox=""
        srcDoc={html}
      />
    </div>
  );
}
