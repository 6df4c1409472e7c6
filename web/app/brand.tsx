/** The mark: three kinds of things, and the right one found. The same drawing as web/public/icon.svg. */
export function Brand() {
  return (
    <a class="brand" href="#data" aria-label="Sortlab, first step">
      <svg width="32" height="32" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
        <rect class="brand-tile" width="64" height="64" rx="16" />
        <rect class="brand-square" x="12" y="12" width="17" height="17" rx="3" />
        <circle class="brand-circle" cx="43.5" cy="20.5" r="9" />
        <path class="brand-triangle" d="M20.5 35 30 52H11z" />
        <path class="brand-check" d="m34 43 6.5 6.5L53 36" />
      </svg>
      <span>Sortlab</span>
    </a>
  );
}
