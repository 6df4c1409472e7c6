// Results of the built modules: values, or Errors with a code; see module-types.ts.
import { toWireError } from '../shared/call.ts';
import { showName } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { Fallible } from './module-types.ts';

/** The value, or throws the error as a SortlabError whose sentence names its subject (a class, a file). */
export function unwrap<T>(value: Fallible<T>): T {
  if (!(value instanceof Error)) return value;
  const { code, message, subject } = toWireError(value);
  const named = subject === '' || message.includes(subject) ? message : `“${showName(subject)}”: ${message}`;
  throw new SortlabError(code, named, subject);
}
