/** A drawing of three photos being sorted, in the classes' own colours. Decoration only. */
export function PhotoPile() {
  return (
    <svg class="photo-pile" viewBox="0 0 240 132" width="240" height="132" aria-hidden="true" focusable="false">
      <g class="pile-card pile-left" transform="rotate(-11 70 76)">
        <rect class="pile-paper" x="32" y="34" width="76" height="84" rx="10" />
        <rect class="class-color-0 pile-photo" x="40" y="42" width="60" height="52" rx="6" />
        <path class="pile-shape" d="M62 88V66l4-7v-7h8v7l4 7v22z" />
      </g>
      <g class="pile-card pile-right" transform="rotate(11 170 76)">
        <rect class="pile-paper" x="132" y="34" width="76" height="84" rx="10" />
        <rect class="class-color-2 pile-photo" x="140" y="42" width="60" height="52" rx="6" />
        <path class="pile-shape" d="M158 56h24l-3 32h-18zM155 51h30v4h-30z" />
      </g>
      <g class="pile-card pile-front">
        <rect class="pile-paper" x="80" y="18" width="80" height="92" rx="10" />
        <rect class="class-color-1 pile-photo" x="88" y="26" width="64" height="58" rx="6" />
        <path class="pile-shape" d="m120 38 18 9v18l-18 10-18-10V47zM102 47l18 9 18-9M120 56v19" />
      </g>
    </svg>
  );
}
