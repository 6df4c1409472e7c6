// The values of the C++ core as TypeScript takes them. Their declarations are emitted by the wasm build (build/wasm/*.d.ts,
// reached as #wasm/…) and never written here: a field renamed in C++ fails the type check.

/**
 * What a module gives: Embind accepts several types where it takes a text, but gives a string. Applied to what it takes as
 * well, since strings are all that is ever passed.
 */
export type Given<T> = unknown extends T
  ? T
  : string extends T
    ? string
    : T extends (infer Item)[]
      ? Given<Item>[]
      : T extends Error | ArrayBufferView
        ? T
        : T extends object
          ? { [Key in keyof T]: Given<T[Key]> }
          : T;

/** T with narrower types for some fields, which must exist: the names that a C++ string can have. */
export type Narrowed<T, Fields extends { [Key in keyof Fields]: Key extends keyof T ? T[Key] : never }> = Omit<
  T,
  keyof Fields
> &
  Fields;
