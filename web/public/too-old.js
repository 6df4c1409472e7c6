// Runs before the page's modules, as an old browser would read it: says so where the page cannot work.
// The page holds <p id="too-old" hidden>; old browsers do not run modules, so nothing else would show.
(function () {
  var simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]);

  function moduleWorkers() {
    var asked = false;
    var options = {};
    Object.defineProperty(options, 'type', {
      get: function () {
        asked = true;
        return 'module';
      },
    });
    try {
      // The address is none, so no worker starts; browsers that know module workers read the options first.
      new Worker('http://[', options);
    } catch (error) {
      return asked;
    }
    return asked;
  }

  function enough() {
    return (
      'noModule' in document.createElement('script') &&
      typeof WebAssembly === 'object' &&
      WebAssembly.validate(simd) &&
      typeof AbortSignal === 'function' &&
      typeof DecompressionStream === 'function' &&
      typeof createImageBitmap === 'function' &&
      typeof Array.prototype.at === 'function' &&
      moduleWorkers()
    );
  }

  try {
    if (enough()) return;
  } catch (error) {
    // Whatever failed is one more sign.
  }
  // The page's entry looks at this and does not start.
  document.documentElement.setAttribute('data-browser', 'too-old');
  document.addEventListener('DOMContentLoaded', function () {
    var note = document.getElementById('too-old');
    if (note) note.removeAttribute('hidden');
  });
})();
