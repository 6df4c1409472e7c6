// The JavaScript side of json_browser.cpp, linked by Emscripten. Memory may be shared, or grow within a call of malloc: bytes are
// copied out before anything reads them, and views are looked up again after it.
addToLibrary({
  // Gives 0 where the text breaks a rule of json.hpp, and else a block. Doubles: the number of values, then three for each
  // of them, in the order of the text: its kind (Json::Kind); its number, count of items or bytes of text; the bytes of its
  // key. Behind them the keys and texts themselves, in the same order, as UTF-8.
  sortlab_parse_json__deps: ['malloc'],
  sortlab_parse_json__sig: 'pppii',
  sortlab_parse_json: (begin, size, maxDepth, maxValues) => {
    const encoder = new TextEncoder();
    const tape = [0];
    const texts = [];
    let textBytes = 0;
    let keys = [];
    const require = (rule) => {
      if (!rule) throw new Error();
    };
    const addText = (text) => {
      require(!/\p{Surrogate}/u.test(text)); // half of a pair, alone
      const bytes = encoder.encode(text);
      texts.push(bytes);
      textBytes += bytes.length;
      return bytes.length;
    };
    const add = (value, key, depth) => {
      require(++tape[0] <= maxValues);
      const keyBytes = addText(key);
      if (value && typeof value === 'object') {
        const items = Object.values(value);
        require(depth < maxDepth && items.length < maxValues);
        const names = Array.isArray(value) ? null : Object.keys(value).map((name) => keys[name.slice(1)]);
        require(!names || new Set(names).size === names.length);
        tape.push(names ? 5 : 4, items.length, keyBytes);
        items.forEach((item, i) => add(item, names ? names[i] : '', depth + 1));
      } else if (typeof value === 'string') {
        tape.push(3, addText(value), keyBytes);
      } else {
        require(value === null || Number.isFinite(+value));
        tape.push(value === null ? 0 : typeof value === 'number' ? 2 : 1, value + 0, keyBytes); // makes 0 of -0
      }
    };
    try {
      // Keys are parsed on their own, and each object gets numbers behind an underscore in their place. So none is lost that
      // is there twice, none changes its place because it looks like an index, and none is mistaken for another: V8 takes
      // {"a\n": 1} for {"a\\": 1} where it has seen one of those before (Node 24.9). First quotes within strings get another
      // escape, so that a string ends at the next quote. None of this makes a valid text of an invalid one: a backslash
      // outside of a string stays there, and an escape within one stays as valid as it was.
      const text = new TextDecoder('utf-8', { fatal: true })
        .decode(HEAPU8.slice(begin, begin + size))
        .replace(/\\[^]/g, (escape) => (escape === '\\"' ? '\\u0022' : escape))
        .replace(/("[^"]*")(\s*:)?/g, (all, string, colon) => (colon ? `"_${keys.push(string) - 1}"${colon}` : all));
      keys = JSON.parse(`[${keys}]`);
      add(JSON.parse(text), '', 0);
    } catch {
      return 0;
    }
    const block = _malloc(8 * tape.length + textBytes);
    if (block) {
      HEAPF64.set(tape, block / 8);
      let at = block + 8 * tape.length;
      for (const bytes of texts) {
        HEAPU8.set(bytes, at);
        at += bytes.length;
      }
    }
    return block;
  },

  // JSON never holds a zero byte: both end with one.
  sortlab_json_string__deps: ['$stringToNewUTF8'],
  sortlab_json_string__sig: 'ppp',
  sortlab_json_string: (begin, size) =>
    stringToNewUTF8(
      JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(HEAPU8.slice(begin, begin + size))),
    ),
  sortlab_json_number__deps: ['$stringToNewUTF8'],
  sortlab_json_number__sig: 'pd',
  sortlab_json_number: (number) => stringToNewUTF8(JSON.stringify(number)),
});
