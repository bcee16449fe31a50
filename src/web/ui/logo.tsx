/** The mark: a spring that becomes a stream. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b5e66" />
      <path
        d="M16 5.5c2.6 3.1 4.4 5.6 4.4 8a4.4 4.4 0 0 1-8.8 0c0-2.4 1.8-4.9 4.4-8z"
        fill="#ffffff"
      />
      <path
        d="M6 21.2c2.5-2 5-2 7.5-.3s5 1.7 7.5 0 3.5-1.5 5-.6"
        fill="none"
        stroke="#9fe0e0"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <path
        d="M9 26c2-1.4 4-1.4 6-.2s4 1.2 6 0 2-1 2.6-.7"
        fill="none"
        stroke="#56b8bd"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
