// Name and mark.
export function Brand() {
  return (
    <span className="podlab-brand">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path d="M16 2 28 9v14l-12 7L4 23V9z" fill="#06c" />
        <path d="M16 2 28 9l-12 7L4 9z" fill="#4394e5" />
        <path d="M16 16v14L4 23V9z" fill="#004d99" />
      </svg>
      Podlab
    </span>
  );
}
