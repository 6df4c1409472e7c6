// Runs before the page's modules, as an old browser would read it: says so where the page cannot work.
// The page holds <p id="too-old" hidden>; old browsers do not run modules, so nothing else would show.
(function () {
  var simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]);
  var enough =
    'noModule' in document.createElement('script') &&
    typeof WebAssembly === 'object' &&
    WebAssembly.validate(simd) &&
    typeof Worker === 'function' &&
    typeof AbortSignal === 'function' &&
    typeof Array.prototype.at === 'function';
  if (enough) return;
  document.addEventListener('DOMContentLoaded', function () {
    var note = document.getElementById('too-old');
    if (note) note.removeAttribute('hidden');
  });
})();
