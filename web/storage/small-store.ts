import { openDB, type IDBPDatabase } from 'idb';

/** A few small values by name. Losing one is never an error: private windows and full disks must not stop the page. */
export interface KeyValues {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

const STORE = 'values';

/** In IndexedDB; in memory only where the browser refuses or loses its database. */
export class SmallStore implements KeyValues {
  private readonly memory = new Map<string, unknown>();
  private database: Promise<IDBPDatabase> | undefined;

  constructor(private readonly name = 'sortlab') {}

  async get(key: string): Promise<unknown> {
    if (this.memory.has(key)) return this.memory.get(key);
    try {
      return (await (await this.open()).get(STORE, key)) as unknown;
    } catch {
      this.database = undefined;
      return undefined;
    }
  }

  async set(key: string, value: unknown): Promise<void> {
    this.memory.set(key, value);
    try {
      await (await this.open()).put(STORE, value, key);
    } catch {
      // WebKit loses databases of background tabs: the next call opens it again.
      this.database = undefined;
    }
  }

  private open(): Promise<IDBPDatabase> {
    this.database ??= openDB(this.name, 1, { upgrade: (database) => void database.createObjectStore(STORE) });
    return this.database;
  }
}
