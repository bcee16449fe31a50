import { PERMISSIONS } from '../../../stripe/definition.ts';
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '../../ui/icons.ts';
import { Loader } from '../../ui/kit.ts';
import styles from './sources.module.css';
import type { Probe } from './use-probe.ts';

/** Every permission in the words of Stripe's key form, filled in as the answers arrive. */
export function PermissionTable({ probe }: { probe: Probe }) {
  return (
    <table className={styles.permissions}>
      <thead>
        <tr>
          <th scope="col">Permission</th>
          <th scope="col">Set to</th>
          <th scope="col" className={styles.minor}>
            What for
          </th>
          <th scope="col">This key</th>
        </tr>
      </thead>
      <tbody>
        {PERMISSIONS.map((permission) => (
          <tr key={permission.slug}>
            <th scope="row">
              {permission.label}
              {!permission.needed && <span className={styles.dim}> (optional)</span>}
            </th>
            <td>{permission.access}</td>
            <td className={`${styles.dim} ${styles.minor}`}>{permission.why}</td>
            <td>
              <Verdict
                granted={probe.granted.get(permission.resource)}
                needed={permission.needed}
                busy={probe.state === 'checking'}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface VerdictProps {
  granted: boolean | undefined;
  needed: boolean;
  busy: boolean;
}

function Verdict({ granted, needed, busy }: VerdictProps) {
  if (granted) {
    return (
      <span className={`${styles.verdict} ${styles.yes}`}>
        <IconCircleCheck size={15} aria-hidden /> Granted
      </span>
    );
  }
  if (granted === false) {
    return (
      <span className={`${styles.verdict} ${needed ? styles.no : styles.dim}`}>
        <IconCircleX size={15} aria-hidden /> {needed ? 'Missing' : 'Not granted'}
      </span>
    );
  }
  return (
    <span className={`${styles.verdict} ${styles.dim}`}>
      {busy ? <Loader size={13} aria-hidden /> : <IconCircleDashed size={15} aria-hidden />}
      {busy ? 'Checking' : 'Not checked'}
    </span>
  );
}
